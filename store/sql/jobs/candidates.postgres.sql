-- Of each open turn (columns: priority, turn, class) the first $2 jobs that may start at $1.
select j.id, j.priority, j.turn, j.class, j.run_at, j.serial_key
from unnest($3::bigint[], $4::text[], $5::bigint[]) as i(priority, turn, class)
cross join lateral (
    select h.id, h.priority, h.turn, h.class, h.run_at, h.serial_key
    from (
        select n.id, n.priority, n.turn, n.class, n.run_at, n.serial_key
        from jobs n
        where n.state = 'ready' and n.priority = i.priority and n.turn = i.turn and n.class = i.class and n.run_at <= $1
        order by n.run_at, n.id
        limit 64
    ) h
    where h.serial_key is null or not exists (
        select 1
        from jobs r
        where r.state = 'running' and r.turn = i.turn and r.serial_key = h.serial_key and r.serial_key is not null)
    limit $2
) j
