select coalesce(max(id), 0) as last_id from commits where tenant_id = $1
