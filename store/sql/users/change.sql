update users set full_name = $3, role = $4, is_active = $5 where tenant_id = $1 and id = $2
