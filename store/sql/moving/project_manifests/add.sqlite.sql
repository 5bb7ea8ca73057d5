insert into project_manifests (tenant_id, project_id, place, detector, path, name, version)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5
from json_each($2) j
