select id, repository_id, name, email
from people
where tenant_id = $1
order by id
