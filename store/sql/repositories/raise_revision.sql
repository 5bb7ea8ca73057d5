update repositories set revision = revision + 1 where tenant_id = $1 and id = $2
