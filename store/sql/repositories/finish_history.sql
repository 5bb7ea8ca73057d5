update repositories set history = $3
where tenant_id = $1 and id = $2 and history <> $3
