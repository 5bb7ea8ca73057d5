-- What indexes can count without the rows that are done.
select
    (select count(*) from jobs where state = 'ready' and priority >= 0) as ready,
    (select count(*) from jobs where state = 'ready' and priority >= 0 and parked_until > $1) as parked,
    (select count(*) from jobs where state = 'running') as running,
    (select count(*) from jobs where state = 'dead') as dead,
    (select min(run_at) from jobs where state = 'ready' and priority >= 0 and run_at <= $1) as oldest_ready,
    (select count(*) from deliveries where waits_for is not null) as parked_deliveries
