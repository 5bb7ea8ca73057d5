-- Rows of (place in the list, id).
select j.place - 1 as place, p.id
from unnest($3::bytea[]) with ordinality as j(bytes, place)
join paths p on p.tenant_id = $1 and p.repository_id = $2 and sha256(p.bytes) = sha256(j.bytes)
