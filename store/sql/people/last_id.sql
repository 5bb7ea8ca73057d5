select coalesce(max(id), 0) as last_id from people where tenant_id = $1
