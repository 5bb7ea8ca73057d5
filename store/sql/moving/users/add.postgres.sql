insert into users (tenant_id, id, email, full_name, role, is_active, last_login_at, created_at)
select $1, j.id, j.email, j.full_name, j.role, j.is_active, j.last_login_at, j.created_at
from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::bigint[], $8::bigint[])
    as j(id, email, full_name, role, is_active, last_login_at, created_at)
