insert into people (tenant_id, id, repository_id, name, email)
select $1, j.id, j.repository_id, j.name, j.email
from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[])
    as j(id, repository_id, name, email)
