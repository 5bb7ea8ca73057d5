-- One row, for rows cost more than what they hold: the ids in the order of the list, null where there is none. As a
-- sub-select it is one look into the index for each, whatever is known of the table's size.
select array_agg((
    select p.id
    from people p
    where p.tenant_id = $1 and p.repository_id = $2 and left(p.email, 200) = left(j.email, 200)
        and p.email = j.email and p.name = j.name
    limit 1
) order by j.place) as ids
from unnest($3::text[], $4::text[]) with ordinality as j(name, email, place)
