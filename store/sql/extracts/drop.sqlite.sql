delete from extracts
where tenant_id = $1 and repository_id = $2 and path in (select value from json_each($3))
