select name, tip, deleted_at from refs where tenant_id = $1 and repository_id = $2 order by name
