select installation_claim($2, $3, $4, $5) as claimed
where nullif(current_setting('app.current_tenant_id', true), '')::uuid = $1
