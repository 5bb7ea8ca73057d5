select import_hook_keys(tenant_id => $1, hook_key => $2::text[], repository_id => $3::bigint[],
    created_at => $4::bigint[])
