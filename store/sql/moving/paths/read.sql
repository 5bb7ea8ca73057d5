select id, repository_id, bytes
from paths
where tenant_id = $1
order by id
