select i.tenant_id, i.account, i.suspended_at, i.removed_at, t.suspended_at as tenant_suspended_at
from installations i
left join tenants t on t.id = i.tenant_id
where i.provider = $1 and i.installation_id = $2
