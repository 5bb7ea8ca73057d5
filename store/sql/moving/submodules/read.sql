select repository_id, path, url, recorded_commit, populated
from submodules
where tenant_id = $1
order by repository_id, path
