insert into hook_keys (hook_key, tenant_id, repository_id, created_at) values ($2, $1, $3, $4)
