-- Jobs with a coalescing key. Where one is ready already it stands for both: the earliest run_at and the most urgent priority
-- win, its attempts begin anew (else pushes that come while a remote is away would use them up), and its row is locked, so
-- that nobody starts it before he can see what this transaction wrote. $1 is the tenant_id of those that name none.
insert into jobs (tenant_id, kind, payload, serial_key, coalescing_key, once_key, installation_id, fair_hint, priority,
    long, run_at, parked_until, state, enqueued_at)
select coalesce(i.tenant_id::uuid, $1), i.kind, i.payload, i.serial_key, i.coalescing_key, i.once_key, i.installation_id,
    i.fair_hint, i.priority, i.long, greatest(i.run_at, w.parked_until), w.parked_until, 'ready', $2
from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[],
    $11::bigint[], $12::boolean[], $13::bigint[])
    as i(tenant_id, kind, payload, serial_key, coalescing_key, once_key, installation_id, fair_hint, priority, long, run_at)
cross join lateral (
    select max(p.parked_until) as parked_until
    from jobs p
    where p.installation_id = i.installation_id and p.state = 'ready' and p.parked_until > $2
        and p.tenant_id is not distinct from coalesce(i.tenant_id::uuid, $1)
) w
on conflict (turn, coalescing_key) where state = 'ready' and coalescing_key is not null do update
set merges = jobs.merges + 1, attempts = 0, priority = least(jobs.priority, excluded.priority),
    run_at = case when jobs.parked_until > excluded.enqueued_at then jobs.run_at
        else least(jobs.run_at, excluded.run_at) end
returning id, merges
