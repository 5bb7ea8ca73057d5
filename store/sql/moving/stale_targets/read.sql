select target, from_commit
from stale_targets
where tenant_id = $1
order by target
