delete from project_manifests
where tenant_id = $1 and project_id in (select value from json_each($2))
