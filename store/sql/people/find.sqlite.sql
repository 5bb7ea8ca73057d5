-- Rows of (place in the list, id). The cross join keeps the list as the outer loop.
select j.key as place, p.id
from json_each($3) j
cross join people p
where p.tenant_id = $1 and p.repository_id = $2 and p.email = j.value ->> 1 and p.name = j.value ->> 0
