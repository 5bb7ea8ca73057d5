select coalesce(max(id), 0) from paths where tenant_id = $1
