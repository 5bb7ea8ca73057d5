insert into audit_log (tenant_id, seq, recorded_at, actor, action, subject, details, previous_hash, hash)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5,
    unhex(j.value ->> 6), unhex(j.value ->> 7)
from json_each($2) j
