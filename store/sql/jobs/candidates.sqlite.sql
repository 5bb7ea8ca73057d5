-- Of each open turn (columns: priority, turn, class) the first $2 jobs that may start at $1.
select j.id, j.priority, j.turn, j.class, j.run_at, j.serial_key
from json_each($3) i
cross join jobs j
where j.id in (
    select h.id
    from (
        select n.id, n.serial_key
        from jobs n
        where n.state = 'ready' and n.priority = i.value ->> 0 and n.turn = i.value ->> 1 and n.class = i.value ->> 2
            and n.run_at <= $1
        order by n.run_at, n.id
        limit 64
    ) h
    where h.serial_key is null or not exists (
        select 1
        from jobs r
        where r.state = 'running' and r.turn = i.value ->> 1 and r.serial_key = h.serial_key and r.serial_key is not null)
    limit $2)
