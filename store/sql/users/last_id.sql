select coalesce(max(id), 0) as last_id from users where tenant_id = $1
