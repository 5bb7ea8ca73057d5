update commits
set path_count = j.path_count, paths_complete = true
from unnest($2::bigint[], $3::bigint[]) as j(id, path_count)
where tenant_id = $1 and commits.id = j.id
