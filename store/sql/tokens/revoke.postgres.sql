select token_revoke($2, $3) where nullif(current_setting('app.current_tenant_id', true), '')::uuid = $1
