select k.id, k.role
from token_list() k
where nullif(current_setting('app.current_tenant_id', true), '')::uuid = $1 and k.user_id = $2 and k.revoked_at is null
order by k.id
