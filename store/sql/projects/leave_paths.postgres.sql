insert into project_paths (tenant_id, project_id, path, left_at)
select $1, j.project_id, j.path, $2
from unnest($3::bigint[], $4::text[]) as j(project_id, path)
on conflict (tenant_id, project_id, path) do nothing
