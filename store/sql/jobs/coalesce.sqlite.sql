-- Jobs with a coalescing key. Where one is ready already it stands for both: the earliest run_at and the most urgent priority
-- win, its attempts begin anew (else pushes that come while a remote is away would use them up), and its row is locked, so
-- that nobody starts it before he can see what this transaction wrote. $1 is the tenant_id of those that name none.
insert into jobs (tenant_id, kind, payload, serial_key, coalescing_key, once_key, installation_id, fair_hint, priority,
    long, run_at, parked_until, state, enqueued_at)
select coalesce(unhex(i.tenant_id), $1), i.kind, i.payload, i.serial_key, i.coalescing_key, i.once_key, i.installation_id,
    i.fair_hint, i.priority, i.long, max(i.run_at, coalesce(i.parked_until, i.run_at)), i.parked_until, 'ready', $2
from (
    select j.value ->> 0 as tenant_id, j.value ->> 1 as kind, j.value ->> 2 as payload, j.value ->> 3 as serial_key,
        j.value ->> 4 as coalescing_key, j.value ->> 5 as once_key, j.value ->> 6 as installation_id,
        j.value ->> 7 as fair_hint, j.value ->> 8 as priority, j.value ->> 9 as long, j.value ->> 10 as run_at,
        (
            select max(p.parked_until)
            from jobs p
            where p.installation_id = j.value ->> 6 and p.state = 'ready' and p.parked_until > $2
                and p.tenant_id is coalesce(unhex(j.value ->> 0), $1)
        ) as parked_until
    from json_each($3) j
) i
where true
on conflict (turn, coalescing_key) where state = 'ready' and coalescing_key is not null do update
set merges = jobs.merges + 1, attempts = 0, priority = min(jobs.priority, excluded.priority),
    run_at = case when jobs.parked_until > excluded.enqueued_at then jobs.run_at
        else min(jobs.run_at, excluded.run_at) end
returning id, merges
