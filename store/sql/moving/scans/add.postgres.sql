insert into scans (tenant_id, id, repository_id, head, branch, dirty, changed, project_count, task_count, problems,
    scanned_at)
select $1, j.id, j.repository_id, j.head, j.branch, j.dirty, j.changed, j.project_count, j.task_count, j.problems,
    j.scanned_at
from unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::text[], $6::boolean[], $7::boolean[], $8::bigint[],
    $9::bigint[], $10::text[], $11::bigint[])
    as j(id, repository_id, head, branch, dirty, changed, project_count, task_count, problems, scanned_at)
