insert into deliveries (tenant_id, id, hook, guid, event, action, headers, fair_hint, received_at, status, reason,
    waits_for, settled_at, body_hash, body_purged_at, body_packed_from, body)
select $1, (select coalesce(max(t.id), 0) from deliveries t) + j.key + 1, j.value ->> 0, j.value ->> 1, j.value ->> 2,
    j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6, j.value ->> 7, j.value ->> 8, j.value ->> 9,
    j.value ->> 10, unhex(j.value ->> 11), j.value ->> 12, j.value ->> 13, unhex(j.value ->> 14)
from json_each($2) j
