insert into people (tenant_id, id, repository_id, name, email)
select $1, $3 + j.place - 1, $2, j.name, j.email
from unnest($4::text[], $5::text[]) with ordinality as j(name, email, place)
