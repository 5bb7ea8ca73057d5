-- Of the given leases (id, number) those that still hold.
select j.id, j.tenant_id, j.kind, j.payload, j.serial_key, j.coalescing_key, j.once_key, j.installation_id, j.fair_hint,
    j.priority, j.long, j.run_at, j.parked_until, j.state, j.lease_owner, j.lease_until, j.lease_number, j.attempts,
    j.losses, j.merges, j.merged_into, j.errors, j.enqueued_at, j.started_at, j.finished_at, j.turn
from json_each($1) i
cross join jobs j
where j.id = i.value ->> 0 and j.lease_number = i.value ->> 1 and j.lease_owner is not null
order by j.id
