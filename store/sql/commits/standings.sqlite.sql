select c.sha, c.id, c.paths_complete, c.unreachable_since is null as is_reachable, c.on_default_since is not null as is_on_default
from json_each($3) j
cross join commits c
where c.tenant_id = $1 and c.repository_id = $2 and c.sha = unhex(j.value)
