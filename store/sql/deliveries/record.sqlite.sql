-- One row for each (hook, guid); nothing where it is there already. $1 holds all bodies end to end.
insert into deliveries (tenant_id, hook, guid, event, headers, fair_hint, received_at, status, body_hash, body_packed_from,
    body)
select unhex(i.value ->> 0), i.value ->> 1, i.value ->> 2, i.value ->> 3, i.value ->> 4, i.value ->> 5, i.value ->> 6,
    'received', unhex(i.value ->> 7), i.value ->> 10, substr($1, i.value ->> 8, i.value ->> 9)
from json_each($2) i
where true
on conflict (hook, guid) do nothing
returning id, hook, guid
