insert into commit_projects (tenant_id, project_id, commit_id)
select $1, j.project_id, j.commit_id
from unnest($2::bigint[], $3::bigint[]) as j(commit_id, project_id)
