select project_id, place, detector, path, name, version
from project_manifests
where tenant_id = $1
order by project_id, place
