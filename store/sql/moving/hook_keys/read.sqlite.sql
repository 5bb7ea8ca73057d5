select hook_key, repository_id, created_at
from hook_keys
where tenant_id = $1
order by hook_key
