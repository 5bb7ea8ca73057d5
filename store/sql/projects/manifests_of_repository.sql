select m.project_id, m.detector, m.path, m.name, m.version
from projects p
join project_manifests m on m.tenant_id = p.tenant_id and m.project_id = p.id
where p.tenant_id = $1 and p.repository_id = $2
order by m.project_id, m.place
