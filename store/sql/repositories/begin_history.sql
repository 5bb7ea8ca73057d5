update repositories set history = 'partial'
where tenant_id = $1 and id = $2 and history <> 'partial'
