-- The tasks that these commits are joined to.
select l.commit_id, l.task_id, t.key, t.kind, t.repository_id as task_repository, l.relation, l.rule
from links l indexed by links_of_commit
join tasks t on t.tenant_id = $1 and t.id = l.task_id
where l.tenant_id = $1 and l.commit_id in (select value from json_each($2)) and l.withdrawn_at is null
order by l.commit_id, t.repository_id, t.key, l.task_id, l.relation
