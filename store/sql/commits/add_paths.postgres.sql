insert into commit_paths (tenant_id, commit_id, path_id)
select $1, j.commit_id, j.path_id
from unnest($2::bigint[], $3::bigint[]) as j(commit_id, path_id)
