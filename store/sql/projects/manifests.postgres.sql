select m.project_id, m.detector, m.path, m.name, m.version
from project_manifests m
where m.tenant_id = $1 and m.project_id = any($2::bigint[])
order by m.project_id, m.place
