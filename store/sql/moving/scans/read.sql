select id, repository_id, head, branch, dirty, changed, project_count, task_count, problems, scanned_at
from scans
where tenant_id = $1
order by id
