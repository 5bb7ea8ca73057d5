update links set withdrawn_at = $2
where tenant_id = $1 and withdrawn_at is null and id in (select value from json_each($3))
