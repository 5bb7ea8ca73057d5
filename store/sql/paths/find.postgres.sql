-- One row, for rows cost more than what they hold: the ids in the order of the list, null where there is none. As a
-- sub-select it is one look into the index for each, whatever is known of the table's size.
select array_agg((
    select p.id from paths p where p.tenant_id = $1 and p.repository_id = $2 and sha256(p.bytes) = sha256(j.bytes)
) order by j.place) as ids
from unnest($3::bytea[]) with ordinality as j(bytes, place)
