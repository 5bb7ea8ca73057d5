select role from users where tenant_id = $1 and id = $2 and is_active
