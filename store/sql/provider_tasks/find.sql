select task_id, report_time, report_rank, report_digest, head_sha, base_sha
from provider_tasks
where tenant_id = $1 and repository_id = $2 and number = $3
