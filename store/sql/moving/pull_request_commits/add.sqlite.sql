insert into pull_request_commits (tenant_id, task_id, commit_id)
select $1, j.value ->> 0, j.value ->> 1
from json_each($2) j
