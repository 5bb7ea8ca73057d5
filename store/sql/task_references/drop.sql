delete from task_references where tenant_id = $1 and task_id = $2
