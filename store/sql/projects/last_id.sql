select coalesce(max(id), 0) from projects where tenant_id = $1
