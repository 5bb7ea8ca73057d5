update commits set unreachable_since = null
where tenant_id = $1 and unreachable_since is not null and id = any($2::bigint[])
