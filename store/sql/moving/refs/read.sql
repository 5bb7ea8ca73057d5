select repository_id, name, tip, deleted_at
from refs
where tenant_id = $1
order by repository_id, name
