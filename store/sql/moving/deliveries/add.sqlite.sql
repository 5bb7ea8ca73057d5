insert into deliveries (tenant_id, id, hook, guid, event, action, headers, fair_hint, received_at, status, reason,
    waits_for, settled_at, body_hash, body_purged_at, body_packed_from, body)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11, unhex(j.value ->> 12), j.value ->> 13,
    j.value ->> 14, unhex(j.value ->> 15)
from json_each($2) j
