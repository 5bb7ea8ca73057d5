-- One row for each (hook, guid); nothing where it is there already. Where a body begins and ends is for the other engine. For
-- each that is new a job, as deliveries/route makes it, and one word to the workers for all: a transaction less of journeys.
with recorded as (
    insert into deliveries (tenant_id, hook, guid, event, headers, fair_hint, received_at, status, body_hash,
        body_packed_from, body)
    select i.tenant_id::uuid, i.hook, i.guid, i.event, i.headers, i.fair_hint, i.received_at, 'received', i.body_hash,
        i.packed_from, i.body
    from unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
        $9::bytea[], $10::bigint[], $11::bigint[], $12::bigint[])
        as i(body, tenant_id, hook, guid, event, headers, fair_hint, received_at, body_hash, begins, bytes, packed_from)
    on conflict (hook, guid) do nothing
    returning id, tenant_id, hook, guid, fair_hint
), enqueued as (
    insert into jobs (tenant_id, kind, payload, fair_hint, priority, long, run_at, state, enqueued_at)
    select r.tenant_id, 'route', '{"delivery":' || r.id || '}', r.fair_hint, 0, false, $13, 'ready', $13
    from recorded r
)
select r.id, r.hook, r.guid, case when row_number() over () = 1 then pg_notify('muster_jobs', '')::text end as told
from recorded r
