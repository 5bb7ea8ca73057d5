-- Rows of (place in the list, id). The limit keeps the list as the outer loop: one look into the index for each.
select j.place - 1 as place, p.id
from unnest($3::text[], $4::text[]) with ordinality as j(name, email, place)
cross join lateral (
    select k.id
    from people k
    where k.tenant_id = $1 and k.repository_id = $2 and left(k.email, 200) = left(j.email, 200)
        and k.email = j.email and k.name = j.name
    limit 1
) p
