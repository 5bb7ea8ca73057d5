insert into refs (tenant_id, repository_id, name, tip, deleted_at)
select $1, j.repository_id, j.name, j.tip, j.deleted_at
from unnest($2::bigint[], $3::text[], $4::bytea[], $5::bigint[])
    as j(repository_id, name, tip, deleted_at)
