select project_id, path, left_at
from project_paths
where tenant_id = $1
order by project_id, path
