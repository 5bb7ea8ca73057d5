insert into jobs (tenant_id, id, kind, payload, serial_key, coalescing_key, once_key, installation_id, fair_hint,
    priority, long, run_at, parked_until, state, lease_owner, lease_until, lease_number, attempts, losses, merges,
    merged_into, cause, errors, enqueued_at, started_at, finished_at)
select $1, j.id, j.kind, j.payload, j.serial_key, j.coalescing_key, j.once_key, j.installation_id, j.fair_hint,
    j.priority, j.long, j.run_at, j.parked_until, j.state, j.lease_owner, j.lease_until, j.lease_number, j.attempts,
    j.losses, j.merges, j.merged_into, j.cause, j.errors, j.enqueued_at, j.started_at, j.finished_at
from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
    $10::bigint[], $11::boolean[], $12::bigint[], $13::bigint[], $14::text[], $15::text[], $16::bigint[],
    $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::text[], $23::text[], $24::bigint[],
    $25::bigint[], $26::bigint[])
    as j(id, kind, payload, serial_key, coalescing_key, once_key, installation_id, fair_hint, priority, long, run_at,
    parked_until, state, lease_owner, lease_until, lease_number, attempts, losses, merges, merged_into, cause, errors,
    enqueued_at, started_at, finished_at)
