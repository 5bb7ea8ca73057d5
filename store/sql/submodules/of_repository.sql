select path, url, recorded_commit, populated
from submodules
where tenant_id = $1 and repository_id = $2
order by path
