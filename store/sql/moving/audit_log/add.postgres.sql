insert into audit_log (tenant_id, seq, recorded_at, actor, action, subject, details, previous_hash, hash)
select $1, j.seq, j.recorded_at, j.actor, j.action, j.subject, j.details, j.previous_hash, j.hash
from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::bytea[])
    as j(seq, recorded_at, actor, action, subject, details, previous_hash, hash)
