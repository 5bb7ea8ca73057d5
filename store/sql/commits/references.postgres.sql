select r.commit_id, r.span_start, r.span_end, r.target, r.relation, r.rule
from commit_references r
where r.tenant_id = $1 and r.commit_id = any($2::bigint[])
order by r.commit_id, r.place
