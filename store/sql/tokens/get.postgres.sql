select k.id, k.name, k.prefix, k.role, k.user_id, k.created_at, k.expires_at, k.last_used_at, k.revoked_at
from token_list() k
where nullif(current_setting('app.current_tenant_id', true), '')::uuid = $1 and k.id = $2
