-- Rows of (place in the list, id). The limit keeps the list as the outer loop: one look into the index for each.
select j.place - 1 as place, p.id
from unnest($3::bytea[]) with ordinality as j(bytes, place)
cross join lateral (
    select k.id
    from paths k
    where k.tenant_id = $1 and k.repository_id = $2 and sha256(k.bytes) = sha256(j.bytes)
    limit 1
) p
