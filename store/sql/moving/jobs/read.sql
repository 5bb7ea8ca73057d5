select id, kind, payload, serial_key, coalescing_key, once_key, installation_id, fair_hint, priority, long, run_at,
    parked_until, state, lease_owner, lease_until, lease_number, attempts, losses, merges, merged_into, cause, errors,
    enqueued_at, started_at, finished_at
from jobs
where tenant_id = $1
order by id
