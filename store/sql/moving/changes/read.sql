select seq, repository_id, kind, pushed_at, received_at, visible_at
from changes
where tenant_id = $1
order by seq
