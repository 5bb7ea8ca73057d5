delete from hook_keys where tenant_id = $1 and hook_key = $2 returning true as removed
