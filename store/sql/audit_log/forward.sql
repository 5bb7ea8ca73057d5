-- $2 is the number that the page before ended with.
select seq, recorded_at, actor, action, subject, details, previous_hash, hash
from audit_log
where tenant_id = $1 and seq > $2
order by seq
limit $3
