insert into project_paths (tenant_id, project_id, path, left_at)
select $1, j.value ->> 0, j.value ->> 1, $2
from json_each($3) j
where true
on conflict (tenant_id, project_id, path) do nothing
