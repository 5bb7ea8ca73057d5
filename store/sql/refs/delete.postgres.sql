-- The tip stays: what it reaches is stored.
update refs set deleted_at = $3
where tenant_id = $1 and repository_id = $2 and deleted_at is null and name = any($4::text[])
