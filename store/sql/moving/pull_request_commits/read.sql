select task_id, commit_id
from pull_request_commits
where tenant_id = $1
order by task_id, commit_id
