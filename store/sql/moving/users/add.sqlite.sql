insert into users (tenant_id, id, email, full_name, role, is_active, last_login_at, created_at)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6
from json_each($2) j
