-- The links of these commits. A file's task that is gone keeps those that it had.
select l.id, l.commit_id as source_id, l.task_id, l.relation, l.rule, l.matched, l.withdrawn_at,
    t.key, t.closed_at is not null and t.kind not in ('issue', 'pull_request') as gone
from unnest($2::bigint[]) as j(id)
cross join lateral (select k.* from links k where k.tenant_id = $1 and k.commit_id = j.id offset 0) l
cross join lateral (select k.key, k.kind, k.closed_at from tasks k where k.tenant_id = $1 and k.id = l.task_id limit 1) t
