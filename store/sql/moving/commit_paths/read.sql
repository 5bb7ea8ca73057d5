select commit_id, path_id
from commit_paths
where tenant_id = $1
order by commit_id, path_id
