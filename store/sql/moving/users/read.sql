select id, email, full_name, role, is_active, last_login_at, created_at
from users
where tenant_id = $1
order by id
