select k.id, k.name, k.prefix, k.role, k.user_id, k.created_at, k.expires_at, k.last_used_at, k.revoked_at
from tokens k
where k.tenant_id = $1 and k.id = $2
