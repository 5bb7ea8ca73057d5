insert into pull_request_commits (tenant_id, task_id, commit_id)
select $1, j.task_id, j.commit_id
from unnest($2::bigint[], $3::bigint[])
    as j(task_id, commit_id)
