insert into audit_log (tenant_id, seq, recorded_at, actor, action, subject, details, previous_hash, hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
