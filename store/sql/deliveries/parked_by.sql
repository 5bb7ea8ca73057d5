-- Through the index of those that wait.
select waits_for, count(*) as number, min(id) as first_id, max(id) as last_id
from deliveries
where waits_for is not null
group by waits_for
order by number desc, waits_for
limit $1
