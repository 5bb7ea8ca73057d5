select c.seq, c.repository_id, c.kind, c.pushed_at, c.received_at, c.visible_at
from changes c
where c.tenant_id = $1 and c.seq > $2
order by c.seq
limit $3
