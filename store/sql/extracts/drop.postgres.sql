delete from extracts
where tenant_id = $1 and repository_id = $2 and path = any($3::text[])
