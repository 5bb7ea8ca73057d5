select id, task_id, source, commit_id, pull_request_id, relation, rule, matched, made_at, withdrawn_at
from links
where tenant_id = $1
order by id
