-- How long pushes waited until they showed, the latest first.
select repository_id, visible_at - received_at as waited
from changes
where tenant_id = $1 and kind = 'repository' and repository_id is not null and received_at is not null
order by seq desc
limit $2
