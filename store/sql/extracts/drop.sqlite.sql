delete from extracts
where tenant_id = $1 and repository_id = $3 and path in (select value from json_each($2))
