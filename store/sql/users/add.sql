insert into users (tenant_id, id, email, full_name, role, is_active, created_at) values ($1, $2, $3, $4, $5, true, $6)
