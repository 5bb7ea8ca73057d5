select hash, id, name, prefix, role, user_id, created_at, expires_at, last_used_at, revoked_at
from tokens
where tenant_id = $1
order by id
