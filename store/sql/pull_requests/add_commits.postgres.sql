insert into pull_request_commits (tenant_id, task_id, commit_id)
select $1, $2, j.commit_id
from unnest($3::bigint[]) as j(commit_id)
