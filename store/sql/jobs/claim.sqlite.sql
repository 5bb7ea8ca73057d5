-- Starts the first $4 of the given jobs.
update jobs
set state = 'running', lease_owner = $1, lease_until = $3, lease_number = lease_number + 1, attempts = attempts + 1,
    started_at = $2, parked_until = null
where id in (
    select c.id
    from json_each($5) p
    join jobs c on c.id = p.value
    where c.state = 'ready' and c.run_at <= $2
    order by p.key
    limit $4)
returning id, tenant_id, kind, payload, serial_key, coalescing_key, once_key, installation_id, fair_hint,
    priority, long, run_at, parked_until, state, lease_owner, lease_until, lease_number, attempts,
    losses, merges, merged_into, errors, enqueued_at, started_at, finished_at, turn
