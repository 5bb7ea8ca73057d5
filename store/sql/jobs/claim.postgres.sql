-- Starts the first $4 of the given jobs that nobody else is about to start.
with chosen as materialized (
    select c.id
    from unnest($5::bigint[]) with ordinality as p(id, place)
    join jobs c on c.id = p.id
    where c.state = 'ready' and c.run_at <= $2
    order by p.place
    limit $4
    for update of c skip locked
)
update jobs j
set state = 'running', lease_owner = $1, lease_until = $3, lease_number = j.lease_number + 1, attempts = j.attempts + 1,
    started_at = $2, parked_until = null
from chosen
where j.id = chosen.id
returning j.id, j.tenant_id, j.kind, j.payload, j.serial_key, j.coalescing_key, j.once_key, j.installation_id, j.fair_hint,
    j.priority, j.long, j.run_at, j.parked_until, j.state, j.lease_owner, j.lease_until, j.lease_number, j.attempts,
    j.losses, j.merges, j.merged_into, j.errors, j.enqueued_at, j.started_at, j.finished_at, j.turn
