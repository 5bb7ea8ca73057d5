-- Whose turn it is: hops through the heads of (priority, turn, class), from behind the turn $2 round to it, for each
-- priority in order, and stops as soon as $6 were found that have something to claim. $1 is now, $3 and $4 whether a long
-- and a lost one may be claimed, $5 how many of a turn may run. One whose first 64 all wait for serial keys is not open:
-- its other keys are looked through by claim_keys.
with recursive walk (step, id, priority, turn, class) as (
    select cast(1 as bigint), j.id, j.priority, j.turn, j.class
    from jobs j
    where j.id = (
        select coalesce(
            (
                select n.id
                from jobs n
                where n.state = 'ready' and n.priority = p.priority and n.turn > $2
                order by n.turn, n.class, n.run_at, n.id
                limit 1
            ), (
                select n.id
                from jobs n
                where n.state = 'ready' and n.priority = p.priority
                order by n.turn, n.class, n.run_at, n.id
                limit 1
            ))
        from (
            select f.priority
            from jobs f
            where f.state = 'ready' and f.priority >= 0
            order by f.priority
            limit 1
        ) p)
    union all
    select w.step + 1, j.id, j.priority, j.turn, j.class
    from walk w
    join jobs j on j.id = coalesce(
        (
            select n.id
            from jobs n
            where n.state = 'ready' and n.priority = w.priority and n.turn = w.turn and n.class > w.class
            order by n.class, n.run_at, n.id
            limit 1
        ), (
            select n.id
            from jobs n
            where n.state = 'ready' and n.priority = w.priority and n.turn > w.turn
                and n.turn <= case when w.turn > $2 then '~' else $2 end -- ~ is behind every turn
            order by n.turn, n.class, n.run_at, n.id
            limit 1
        ), (
            select n.id
            from jobs n
            where w.turn > $2 and n.state = 'ready' and n.priority = w.priority and n.turn <= $2
            order by n.turn, n.class, n.run_at, n.id
            limit 1
        ), (
            select coalesce(
                (
                    select n.id
                    from jobs n
                    where n.state = 'ready' and n.priority = p.priority and n.turn > $2
                    order by n.turn, n.class, n.run_at, n.id
                    limit 1
                ), (
                    select n.id
                    from jobs n
                    where n.state = 'ready' and n.priority = p.priority
                    order by n.turn, n.class, n.run_at, n.id
                    limit 1
                ))
            from (
                select f.priority
                from jobs f
                where f.state = 'ready' and f.priority > w.priority
                order by f.priority
                limit 1
            ) p
        ))
)
select x.step, x.priority, x.turn, x.class, x.running, x.is_open
from (
    select w.step, w.priority, w.turn, w.class,
        (select count(*) from jobs r where r.state = 'running' and r.turn = w.turn) as running,
        exists (
            select 1
            from (
                select h.serial_key
                from jobs h
                where h.state = 'ready' and h.priority = w.priority and h.turn = w.turn and h.class = w.class
                    and h.run_at <= $1
                order by h.run_at, h.id
                limit 64
            ) h
            where h.serial_key is null or not exists (
                select 1
                from jobs r
                where r.state = 'running' and r.turn = w.turn and r.serial_key = h.serial_key and r.serial_key is not null)
        ) as is_open
    from walk w
    where (w.class in (0, 2) or $3) and (w.class in (0, 1) or $4)
) x
where x.running < $5 and (x.is_open or exists (
    select 1
    from jobs h
    where h.state = 'ready' and h.priority = x.priority and h.turn = x.turn and h.class = x.class and h.run_at <= $1
    order by h.run_at, h.id
    limit 1 offset 63))
limit $6
