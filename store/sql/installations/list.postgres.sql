select i.provider, i.installation_id, i.account, i.created_at, i.suspended_at, i.removed_at
from installation_list() i
where nullif(current_setting('app.current_tenant_id', true), '')::uuid = $1
