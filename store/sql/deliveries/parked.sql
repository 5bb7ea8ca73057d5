-- Deliveries that wait for something, oldest first.
select id
from deliveries
where waits_for = $1
order by id
limit $2
