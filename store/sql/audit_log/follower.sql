-- The entry that names $2 as the hash before it, where it does not stand at $3. Looked for once, where a log does not hold.
select seq from audit_log where tenant_id = $1 and previous_hash = $2 and seq <> $3 order by seq limit 1
