delete from submodules where tenant_id = $1 and repository_id = $2
