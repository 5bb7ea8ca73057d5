select wrapped, wrapping_key, created_at
from export_data_keys(tenant_id => $1)
order by created_at
