update commits set on_default_since = $2
where tenant_id = $1 and on_default_since is null and id = any($3::bigint[])
