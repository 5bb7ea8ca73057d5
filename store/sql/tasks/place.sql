-- The place of a task in the list.
select repository_id, path, line, place, id from tasks where tenant_id = $1 and id = $2
