select task_id, place, source, span_start, span_end, target, relation, rule, matched, resolved
from task_references
where tenant_id = $1
order by task_id, place
