insert into provider_tasks (tenant_id, task_id, repository_id, number, provider_task_id, report_time, report_rank,
    report_digest, gone, moved_to, body, author, assignees, labels, opened_at, ended_at, web_url, head_ref, head_sha,
    head_repository_id, from_fork, base_ref, base_sha, merge_commit, merged, draft)
select $1, j.task_id, j.repository_id, j.number, j.provider_task_id, j.report_time, j.report_rank, j.report_digest,
    j.gone, j.moved_to, j.body, j.author, j.assignees, j.labels, j.opened_at, j.ended_at, j.web_url, j.head_ref,
    j.head_sha, j.head_repository_id, j.from_fork, j.base_ref, j.base_sha, j.merge_commit, j.merged, j.draft
from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bytea[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], $16::bigint[], $17::text[],
    $18::text[], $19::bytea[], $20::bigint[], $21::boolean[], $22::text[], $23::bytea[], $24::bytea[], $25::boolean[],
    $26::boolean[])
    as j(task_id, repository_id, number, provider_task_id, report_time, report_rank, report_digest, gone, moved_to,
    body, author, assignees, labels, opened_at, ended_at, web_url, head_ref, head_sha, head_repository_id, from_fork,
    base_ref, base_sha, merge_commit, merged, draft)
