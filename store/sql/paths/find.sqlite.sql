-- Rows of (place in the list, id). The cross join keeps the list as the outer loop.
select j.key as place, p.id
from json_each($3) j
cross join paths p
where p.tenant_id = $1 and p.repository_id = $2 and p.bytes = cast(j.value as blob)
