select
    (select count(*) from users u where u.tenant_id = $1 and u.is_active) as users,
    (select count(*) from repositories r where r.tenant_id = $1 and r.is_active) as repositories,
    (select count(*) from projects p where p.tenant_id = $1 and p.closed_at is null) as projects,
    (select count(*) from projects p where p.tenant_id = $1 and p.closed_at is null and p.over_quota) as over_quota,
    (select count(*) from tasks t where t.tenant_id = $1 and t.closed_at is null) as tasks,
    (select count(*) from commits c where c.tenant_id = $1) as commits
