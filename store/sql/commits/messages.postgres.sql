select c.id, c.message
from unnest($2::bigint[]) as j(id)
cross join lateral (select k.id, k.message from commits k where k.tenant_id = $1 and k.id = j.id limit 1) c
