select distinct tip from refs where tenant_id = $1 and repository_id = $2 order by tip
