-- One row for each (hook, guid); nothing where it is there already. Where a body begins and ends is for the other engine.
insert into deliveries (tenant_id, hook, guid, event, headers, fair_hint, received_at, status, body_hash, body)
select i.tenant_id::uuid, i.hook, i.guid, i.event, i.headers, i.fair_hint, i.received_at, 'received', i.body_hash, i.body
from unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
    $9::bytea[], $10::bigint[], $11::bigint[])
    as i(body, tenant_id, hook, guid, event, headers, fair_hint, received_at, body_hash, begins, bytes)
on conflict (hook, guid) do nothing
returning id, hook, guid
