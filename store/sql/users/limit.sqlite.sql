select t.id as tenant_id, t.max_users from tenants t where t.id = $1
