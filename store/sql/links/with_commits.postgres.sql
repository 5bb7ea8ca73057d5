-- The tasks that these commits are joined to.
select l.commit_id, l.task_id, t.key, t.kind, t.repository_id as task_repository, l.relation, l.rule
from unnest($2::bigint[]) as j(id)
cross join lateral (
    select k.* from links k where k.tenant_id = $1 and k.commit_id = j.id and k.withdrawn_at is null offset 0) l
cross join lateral (select k.* from tasks k where k.tenant_id = $1 and k.id = l.task_id limit 1) t
order by l.commit_id, t.repository_id, t.key, l.task_id, l.relation
