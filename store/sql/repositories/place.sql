-- The place of a repository in the list.
select source_key from repositories where tenant_id = $1 and id = $2
