select count(*) as owners from users where tenant_id = $1 and id <> $2 and role = 'owner' and is_active
