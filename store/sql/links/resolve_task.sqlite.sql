update task_references set resolved = $2
where tenant_id = $1 and (task_id, place) in (select value ->> 0, value ->> 1 from json_each($3))
