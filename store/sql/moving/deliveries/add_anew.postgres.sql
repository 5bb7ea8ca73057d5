insert into deliveries (tenant_id, hook, guid, event, action, headers, fair_hint, received_at, status, reason,
    waits_for, settled_at, body_hash, body_purged_at, body_packed_from, body)
select $1, j.hook, j.guid, j.event, j.action, j.headers, j.fair_hint, j.received_at, j.status, j.reason, j.waits_for,
    j.settled_at, j.body_hash, j.body_purged_at, j.body_packed_from, j.body
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[],
    $10::text[], $11::text[], $12::bigint[], $13::bytea[], $14::bigint[], $15::bigint[], $16::bytea[])
    as j(hook, guid, event, action, headers, fair_hint, received_at, status, reason, waits_for, settled_at, body_hash,
    body_purged_at, body_packed_from, body)
