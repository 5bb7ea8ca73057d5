select k.tenant_id, k.id, k.role, k.user_id, k.expires_at, k.last_used_at, k.revoked_at, t.suspended_at
from tokens k
join tenants t on t.id = k.tenant_id
where k.hash = $1
