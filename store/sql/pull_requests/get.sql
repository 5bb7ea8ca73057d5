select task_id, head_sha, base_sha
from provider_tasks
where tenant_id = $1 and repository_id = $2 and number = $3 and head_sha is not null
