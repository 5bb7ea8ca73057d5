insert into project_paths (tenant_id, project_id, path, left_at)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2
from json_each($2) j
