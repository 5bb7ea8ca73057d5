-- What says that these tasks are done although they are open: commits on the default branch, whatever their order of ids.
select l.task_id, c.sha, l.relation
from unnest($2::bigint[]) as j(id)
cross join lateral (
    select k.id from tasks k
    where k.tenant_id = $1 and k.id = j.id and k.state in ('open', 'in_progress', 'blocked') and k.closed_at is null
    limit 1) t
cross join lateral (
    select k.* from links k
    where k.tenant_id = $1 and k.task_id = t.id and k.withdrawn_at is null and k.relation in ('closes', 'implements')
        and k.rule not like '%.ambiguous'
    offset 0) l
cross join lateral (
    select k.sha, k.committed_at from commits k
    where k.tenant_id = $1 and k.id = l.commit_id and k.on_default_since is not null
    limit 1) c
order by l.task_id, c.committed_at, c.sha
