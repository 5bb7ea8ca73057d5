-- What a turn can start at $1 whose first jobs all wait: hops through its serial keys and takes the head of each that is
-- not running, then those without a key. $2 is the turn, $3 and $4 whether a long and a lost one may be claimed, $5 how many.
with recursive serials (serial_key) as (
    select (
        select n.serial_key
        from jobs n
        where n.state = 'ready' and n.turn = $2 and n.serial_key is not null
        order by n.serial_key
        limit 1)
    union all
    select (
        select n.serial_key
        from jobs n
        where n.state = 'ready' and n.turn = $2 and n.serial_key > s.serial_key
        order by n.serial_key
        limit 1)
    from serials s
    where s.serial_key is not null
), heads (id) as (
    select (
        select n.id
        from jobs n
        where n.state = 'ready' and n.turn = $2 and n.serial_key = s.serial_key and n.run_at <= $1
        order by n.run_at, n.id
        limit 1)
    from serials s
    where s.serial_key is not null and not exists (
        select 1
        from jobs r
        where r.state = 'running' and r.turn = $2 and r.serial_key = s.serial_key and r.serial_key is not null)
    union all
    select f.id
    from (
        select n.id
        from jobs n
        where n.state = 'ready' and n.turn = $2 and n.serial_key is null and n.run_at <= $1
        order by n.run_at, n.id
        limit 64
    ) f
)
select j.id, j.priority, j.turn, j.class, j.run_at, j.serial_key
from heads h
join jobs j on j.id = h.id
where (j.class in (0, 2) or $3) and (j.class in (0, 1) or $4)
limit $5
