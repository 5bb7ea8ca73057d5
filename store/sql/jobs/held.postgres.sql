-- Of the given leases (id, number) those that still hold, locked.
select j.id, j.tenant_id, j.kind, j.payload, j.serial_key, j.coalescing_key, j.once_key, j.installation_id, j.fair_hint,
    j.priority, j.long, j.run_at, j.parked_until, j.state, j.lease_owner, j.lease_until, j.lease_number, j.attempts,
    j.losses, j.merges, j.merged_into, j.errors, j.enqueued_at, j.started_at, j.finished_at, j.turn
from unnest($1::bigint[], $2::bigint[]) as i(id, number)
join jobs j on j.id = i.id
where j.lease_number = i.number and j.lease_owner is not null -- it runs: by the primary key and no other index
order by j.id
for update of j
