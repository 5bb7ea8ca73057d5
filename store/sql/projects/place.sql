-- The place of a project in the list.
select repository_id, path, id from projects where tenant_id = $1 and id = $2
