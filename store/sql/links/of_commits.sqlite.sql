-- The links of these commits. A file's task that is gone keeps those that it had.
select l.id, l.commit_id as source_id, l.task_id, l.relation, l.rule, l.matched, l.withdrawn_at,
    t.key, t.closed_at is not null and t.kind not in ('issue', 'pull_request') as gone
from links l indexed by links_of_commit
join tasks t on t.tenant_id = $1 and t.id = l.task_id
where l.tenant_id = $1 and l.commit_id in (select value from json_each($2))
