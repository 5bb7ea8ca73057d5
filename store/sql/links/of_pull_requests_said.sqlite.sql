-- What these pull requests refer to, in order.
select t.id as source_id, t.repository_id, r.place, r.target, r.relation, r.rule, r.matched, r.resolved
from tasks t
left join task_references r on r.tenant_id = $1 and r.task_id = t.id
where t.tenant_id = $1 and t.id in (select value from json_each($2))
order by t.id, r.place
