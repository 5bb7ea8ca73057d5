insert into provider_tasks (tenant_id, task_id, repository_id, number, provider_task_id, report_time, report_rank,
    report_digest, gone, moved_to, body, author, assignees, labels, opened_at, ended_at, web_url, head_ref, head_sha,
    head_repository_id, from_fork, base_ref, base_sha, merge_commit, merged, draft)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
on conflict (tenant_id, task_id) do update
set provider_task_id = excluded.provider_task_id, report_time = excluded.report_time, report_rank = excluded.report_rank,
    report_digest = excluded.report_digest, gone = excluded.gone, moved_to = excluded.moved_to, body = excluded.body,
    author = excluded.author, assignees = excluded.assignees, labels = excluded.labels, opened_at = excluded.opened_at,
    ended_at = excluded.ended_at, web_url = excluded.web_url, head_ref = excluded.head_ref, head_sha = excluded.head_sha,
    head_repository_id = excluded.head_repository_id, from_fork = excluded.from_fork, base_ref = excluded.base_ref,
    base_sha = excluded.base_sha, merge_commit = excluded.merge_commit, merged = excluded.merged, draft = excluded.draft
