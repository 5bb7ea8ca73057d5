-- Rows of (place in the list, id). The cross join keeps the list as the outer loop.
select j.key, p.id
from json_each($2) j
cross join paths p
where p.tenant_id = $1 and p.repository_id = $3 and p.bytes = cast(j.value as blob)
