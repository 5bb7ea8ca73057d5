insert into paths (tenant_id, id, repository_id, bytes)
select $1, $3 + j.place - 1, $2, j.bytes
from unnest($4::bytea[]) with ordinality as j(bytes, place)
