select h.tenant_id, h.repository_id, t.suspended_at
from hook_keys h
join tenants t on t.id = h.tenant_id
where h.hook_key = $1
