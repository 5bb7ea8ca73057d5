select id, tenant_id, hook, guid, event, action, headers, fair_hint, received_at, status, reason, waits_for, settled_at,
    body_hash, body_purged_at, body_packed_from, body
from deliveries
where id = $1
