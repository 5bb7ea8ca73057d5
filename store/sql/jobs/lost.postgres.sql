-- The first $2 whose lease ran out by $1, but for those that somebody is settling at this moment.
select j.id, j.tenant_id, j.kind, j.payload, j.serial_key, j.coalescing_key, j.once_key, j.installation_id, j.fair_hint,
    j.priority, j.long, j.run_at, j.parked_until, j.state, j.lease_owner, j.lease_until, j.lease_number, j.attempts,
    j.losses, j.merges, j.merged_into, j.errors, j.enqueued_at, j.started_at, j.finished_at, j.turn
from jobs j
where j.state = 'running' and j.lease_until <= $1
limit $2
for update skip locked
