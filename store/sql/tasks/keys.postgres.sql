select id, key, project_id, closed_at from tasks where tenant_id = $1 and id = any($2::bigint[])
