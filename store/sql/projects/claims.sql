select p.id, p.path, p.closed_at is null as open, true as present
from projects p
where p.tenant_id = $1 and p.repository_id = $2
union all
select p.id, f.path, p.closed_at is null as open, false as present
from projects p
join project_paths f on f.tenant_id = p.tenant_id and f.project_id = p.id
where p.tenant_id = $1 and p.repository_id = $2
