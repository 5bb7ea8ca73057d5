delete from pull_request_commits where tenant_id = $1 and task_id = $2
