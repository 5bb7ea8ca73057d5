-- What indexes can count without the rows that are done. What waits for another that runs under its serial key, with a lease that
-- holds, could not have started; what waits for a slot, or for what a turn may have at once, waits for workers, and counts. One
-- that let others have its slot waits since it last started.
select
    (select count(*) from jobs where state = 'ready' and priority >= 0) as ready,
    (select count(*) from jobs where state = 'ready' and priority >= 0 and parked_until > $1) as parked,
    (select count(*) from jobs where state = 'running') as running,
    (select count(*) from jobs where state = 'dead') as dead,
    (
        select min(case when o.started_at > o.run_at then o.started_at else o.run_at end)
        from jobs o
        where o.state = 'ready' and o.priority >= 0 and o.run_at <= $1
            and not exists (
                select 1 from jobs r
                where r.state = 'running' and r.turn = o.turn and r.serial_key = o.serial_key and r.lease_until > $1)
    ) as oldest_ready,
    (select count(*) from deliveries where waits_for is not null) as parked_deliveries
