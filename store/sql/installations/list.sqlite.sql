select i.provider, i.installation_id, i.account, i.created_at, i.suspended_at, i.removed_at
from installations i
where i.tenant_id = $1
order by i.provider, i.installation_id
