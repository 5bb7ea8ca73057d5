-- What says that these tasks are done although they are open: commits on the default branch, whatever their order of ids.
select l.task_id, c.sha, l.relation
from links l indexed by links_by_task
join commits c on c.tenant_id = $1 and c.id = l.commit_id
join tasks t on t.tenant_id = $1 and t.id = l.task_id
where l.tenant_id = $1 and l.task_id in (select value from json_each($2)) and l.withdrawn_at is null
    and l.relation in ('closes', 'implements') and l.rule not like '%.ambiguous' and c.on_default_since is not null
    and t.state in ('open', 'in_progress', 'blocked') and t.closed_at is null
order by l.task_id, c.committed_at, c.sha
