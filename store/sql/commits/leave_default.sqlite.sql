update commits set on_default_since = null
where tenant_id = $1 and on_default_since is not null and id in (select value from json_each($2))
