-- $2 is the link that the page before ended at; $3 to $5 choose commits of one repository, one commit, one pull request. With
-- $6 those too that no longer hold, or whose commit no ref reaches.
select l.id, l.task_id, t.key, t.kind, t.repository_id as task_repository, l.commit_id, c.sha, l.pull_request_id,
    coalesce(c.repository_id, p.repository_id) as repository_id, l.relation, l.rule, l.matched, l.made_at, l.withdrawn_at,
    c.on_default_since
from links l
join tasks t on t.tenant_id = $1 and t.id = l.task_id
left join commits c on c.tenant_id = $1 and c.id = l.commit_id
left join tasks p on p.tenant_id = $1 and p.id = l.pull_request_id
where l.tenant_id = $1 and l.id > $2
    and (cast($3 as bigint) is null or coalesce(c.repository_id, p.repository_id) = $3)
    and (cast($4 as bigint) is null or l.commit_id = $4)
    and (cast($5 as bigint) is null or l.pull_request_id = $5)
    and ($6 or (l.withdrawn_at is null and c.unreachable_since is null))
order by l.id
limit $7
