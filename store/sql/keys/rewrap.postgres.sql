-- The function's tenant is the current one (app.current_tenant_id), which is $1.
select data_key_rewrap($2, $3, $4) where cast($1 as uuid) is not null
