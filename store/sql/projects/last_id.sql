select coalesce(max(id), 0) as last_id from projects where tenant_id = $1
