-- What only issues and pull requests have, of these tasks.
select task_id, number, web_url, author, labels, draft, merged, head_ref, base_ref, gone
from provider_tasks
where tenant_id = $1 and task_id in (select value from json_each($2))
