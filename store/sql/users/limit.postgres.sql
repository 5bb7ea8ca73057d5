-- Locks the tenant's row until the transaction ends.
select t.id as tenant_id, t.max_users from tenant_lock() t where t.id = $1
