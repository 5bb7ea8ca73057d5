select coalesce(max(id), 0) from tasks where tenant_id = $1
