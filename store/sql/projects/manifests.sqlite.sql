select m.project_id, m.detector, m.path, m.name, m.version
from project_manifests m
where m.tenant_id = $1 and m.project_id in (select value from json_each($2))
order by m.project_id, m.place
