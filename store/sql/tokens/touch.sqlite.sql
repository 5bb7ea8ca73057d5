-- No tenant_id: who has the hash has the token.
update tokens set last_used_at = $2 where hash = $1 and (last_used_at is null or last_used_at <= $3)
