delete from commit_references
where tenant_id = $1 and commit_id in (select value from json_each($2))
