update commits set unreachable_since = $2
where tenant_id = $1 and unreachable_since is null and id in (select value from json_each($3))
