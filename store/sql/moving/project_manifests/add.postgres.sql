insert into project_manifests (tenant_id, project_id, place, detector, path, name, version)
select $1, j.project_id, j.place, j.detector, j.path, j.name, j.version
from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])
    as j(project_id, place, detector, path, name, version)
