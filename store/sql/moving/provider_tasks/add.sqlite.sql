insert into provider_tasks (tenant_id, task_id, repository_id, number, provider_task_id, report_time, report_rank,
    report_digest, gone, moved_to, body, author, assignees, labels, opened_at, ended_at, web_url, head_ref, head_sha,
    head_repository_id, from_fork, base_ref, base_sha, merge_commit, merged, draft)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5,
    unhex(j.value ->> 6), j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11, j.value ->> 12,
    j.value ->> 13, j.value ->> 14, j.value ->> 15, j.value ->> 16, unhex(j.value ->> 17), j.value ->> 18,
    j.value ->> 19, j.value ->> 20, unhex(j.value ->> 21), unhex(j.value ->> 22), j.value ->> 23, j.value ->> 24
from json_each($2) j
