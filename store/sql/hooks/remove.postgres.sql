select hook_remove($2) as removed where nullif(current_setting('app.current_tenant_id', true), '')::uuid = $1
