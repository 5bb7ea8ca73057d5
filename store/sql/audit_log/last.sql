select seq, hash from audit_log where tenant_id = $1 order by seq desc limit 1
