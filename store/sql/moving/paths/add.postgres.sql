insert into paths (tenant_id, id, repository_id, bytes)
select $1, j.id, j.repository_id, j.bytes
from unnest($2::bigint[], $3::bigint[], $4::bytea[])
    as j(id, repository_id, bytes)
