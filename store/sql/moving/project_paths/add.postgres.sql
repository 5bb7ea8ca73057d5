insert into project_paths (tenant_id, project_id, path, left_at)
select $1, j.project_id, j.path, j.left_at
from unnest($2::bigint[], $3::text[], $4::bigint[])
    as j(project_id, path, left_at)
