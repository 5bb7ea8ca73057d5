select 1 as one from stale_targets where tenant_id = $1 limit 1
