select hook_add($2, $3, $4) where nullif(current_setting('app.current_tenant_id', true), '')::uuid = $1
