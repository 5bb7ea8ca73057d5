select c.sha, c.id, c.paths_complete
from commits c
where c.tenant_id = $1 and c.repository_id = $2 and c.sha = any($3::bytea[])
