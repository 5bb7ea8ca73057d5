-- What the messages of these commits refer to, in order.
select r.commit_id as source_id, c.repository_id, r.place, r.span_start, r.span_end, r.target, r.relation, r.rule, r.resolved
from commit_references r
join commits c on c.tenant_id = $1 and c.id = r.commit_id
where r.tenant_id = $1 and r.commit_id in (select value from json_each($2))
order by r.commit_id, r.place
