-- The function's tenant is the current one (app.current_tenant_id), which is $1.
select wrapped, wrapping_key, created_at from data_key_get() where cast($1 as uuid) is not null
