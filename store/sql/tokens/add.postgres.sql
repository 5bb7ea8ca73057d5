select t.id as tenant_id, token_add($2, $3, $4, $5, $6, $7, $8) as id from tenant_current() t where t.id = $1
