select coalesce(max(id), 0) as last_id from tasks where tenant_id = $1
