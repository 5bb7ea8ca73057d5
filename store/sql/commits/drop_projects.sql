delete from commit_projects
where tenant_id = $1 and commit_id in (
    select c.id from commits c where c.tenant_id = $1 and c.repository_id = $2 and c.id > $3 and c.id <= $4)
