select seq, recorded_at, actor, action, subject, details, previous_hash, hash
from audit_log
where tenant_id = $1
order by seq
