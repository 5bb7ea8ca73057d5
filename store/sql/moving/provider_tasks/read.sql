select task_id, repository_id, number, provider_task_id, report_time, report_rank, report_digest, gone, moved_to, body,
    author, assignees, labels, opened_at, ended_at, web_url, head_ref, head_sha, head_repository_id, from_fork,
    base_ref, base_sha, merge_commit, merged, draft
from provider_tasks
where tenant_id = $1
order by task_id
