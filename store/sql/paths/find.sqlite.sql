-- One row, for rows cost more than what they hold: the ids as JSON, in the order of the list, null where there is none.
select json_group_array((
    select p.id from paths p where p.tenant_id = $1 and p.repository_id = $2 and p.bytes = cast(j.value as blob)
) order by j.key) as ids
from json_each($3) j
