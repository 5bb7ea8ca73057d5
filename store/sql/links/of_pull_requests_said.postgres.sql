-- What these pull requests refer to, in order.
select t.id as source_id, t.repository_id, r.place, r.target, r.relation, r.rule, r.matched, r.resolved
from unnest($2::bigint[]) as j(id)
cross join lateral (select k.id, k.repository_id from tasks k where k.tenant_id = $1 and k.id = j.id limit 1) t
left join lateral (select k.* from task_references k where k.tenant_id = $1 and k.task_id = j.id offset 0) r on true
order by t.id, r.place
