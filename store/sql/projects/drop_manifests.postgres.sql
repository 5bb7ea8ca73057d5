delete from project_manifests
where tenant_id = $1 and project_id = any($2::bigint[])
