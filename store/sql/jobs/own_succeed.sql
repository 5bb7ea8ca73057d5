update jobs
set state = 'done', finished_at = $2, lease_owner = null, lease_until = null
where tenant_id = $1 and id = $3 and lease_number = $4 and lease_owner is not null
