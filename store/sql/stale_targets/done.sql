-- Targets that were looked at: all before $2; null: all.
delete from stale_targets where tenant_id = $1 and (cast($2 as text) is null or target < $2)
