delete from commit_references
where tenant_id = $1 and commit_id = any($2::bigint[])
