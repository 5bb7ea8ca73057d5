select id, tenant_id, hook, guid, event, action, headers, fair_hint, received_at, status, reason, waits_for, settled_at,
    body_hash, body_purged_at
from deliveries
where ($1 is null or tenant_id = $1) and (cast($2 as text) is null or status = $2)
    and (cast($3 as text) is null or hook = $3) and id < $4
order by id desc
limit $5
