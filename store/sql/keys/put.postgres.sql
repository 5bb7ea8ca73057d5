-- The function's tenant is the current one (app.current_tenant_id), which is $1.
select wrapped from data_key_put($2, $3, $4) where cast($1 as uuid) is not null
