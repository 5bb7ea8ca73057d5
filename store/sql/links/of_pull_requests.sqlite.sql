-- The links of these pull requests. A file's task that is gone keeps those that it had.
select l.id, l.pull_request_id as source_id, l.task_id, l.relation, l.rule, l.matched, l.withdrawn_at,
    t.key, t.closed_at is not null and t.kind not in ('issue', 'pull_request') as gone
from links l indexed by links_of_pull_request
join tasks t on t.tenant_id = $1 and t.id = l.task_id
where l.tenant_id = $1 and l.pull_request_id in (select value from json_each($2))
