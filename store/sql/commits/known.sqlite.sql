select c.sha, c.id, c.paths_complete
from json_each($3) j
cross join commits c
where c.tenant_id = $1 and c.repository_id = $2 and c.sha = unhex(j.value)
