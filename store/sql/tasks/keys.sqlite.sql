select id, key, project_id, closed_at from tasks where tenant_id = $1 and id in (select value from json_each($2))
