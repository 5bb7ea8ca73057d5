insert into pull_request_commits (tenant_id, task_id, commit_id)
select $1, $2, j.value
from json_each($3) j
