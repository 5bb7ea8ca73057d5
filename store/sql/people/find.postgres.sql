-- Rows of (place in the list, id).
select j.place - 1 as place, p.id
from unnest($3::text[], $4::text[]) with ordinality as j(name, email, place)
join people p on p.tenant_id = $1 and p.repository_id = $2 and left(p.email, 200) = left(j.email, 200)
    and p.email = j.email and p.name = j.name
