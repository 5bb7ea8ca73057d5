select commit_id, place, span_start, span_end, target, relation, rule, resolved
from commit_references
where tenant_id = $1
order by commit_id, place
