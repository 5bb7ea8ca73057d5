-- What is left of one target.
update stale_targets set from_commit = $3 where tenant_id = $1 and target = $2
