-- Dead jobs of a kind and cause, in order of ids.
select id, tenant_id, kind, payload, serial_key, coalescing_key, once_key, installation_id, fair_hint, priority, long, run_at,
    parked_until, state, lease_owner, lease_until, lease_number, attempts, losses, merges, merged_into, errors, enqueued_at,
    started_at, finished_at, turn
from jobs
where state = 'dead' and kind = $1 and cause = $2 and id > $3
order by id
limit $4
for update
