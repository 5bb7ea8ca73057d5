insert into tokens (hash, tenant_id, id, name, prefix, role, user_id, created_at, expires_at)
select $2, t.id, (select coalesce(max(k.id), 0) + 1 from tokens k where k.tenant_id = t.id), $3, $4, $5, $6, $7, $8
from tenants t
where t.id = $1
returning id
