insert into scans (tenant_id, id, repository_id, head, branch, dirty, changed, project_count, task_count, problems,
    scanned_at)
values ($1, (select coalesce(max(id), 0) + 1 from scans where tenant_id = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10)
returning id
