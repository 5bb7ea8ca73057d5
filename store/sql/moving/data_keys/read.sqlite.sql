select wrapped, wrapping_key, created_at
from data_keys
where tenant_id = $1
order by created_at
