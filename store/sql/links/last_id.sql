select coalesce(max(id), 0) as last_id from links where tenant_id = $1
