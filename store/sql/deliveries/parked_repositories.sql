-- Deliveries of tenant $1 behind $2 that wait for some repository, oldest first.
select id
from deliveries
where waits_for is not null and tenant_id = $1 and id > $2 and substr(waits_for, 1, 11) = 'repository:'
order by id
limit $3
