select hook_key, repository_id, created_at
from export_hook_keys(tenant_id => $1)
order by hook_key
