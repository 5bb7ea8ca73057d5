select count(*) as users from users where tenant_id = $1 and is_active
