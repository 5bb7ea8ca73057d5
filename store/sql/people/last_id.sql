select coalesce(max(id), 0) from people where tenant_id = $1
