select k.id, k.role
from tokens k
where k.tenant_id = $1 and k.user_id = $2 and k.revoked_at is null
order by k.id
