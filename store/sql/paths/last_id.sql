select coalesce(max(id), 0) as last_id from paths where tenant_id = $1
