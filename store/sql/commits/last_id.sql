select coalesce(max(id), 0) from commits where tenant_id = $1
