-- The commits of pull request $3, which is called $4 (`#12`): those that its head reaches and its base does not; once it is
-- merged, what the merge made; and those of the default branch that say that they are it (`Merge pull request #12`, `(#12)`
-- at the end of a squashed commit's subject).
select c.sha, c.id
from commits c
where c.tenant_id = $1 and c.id in (
    select m.commit_id
    from provider_tasks p
    join pull_request_commits m on m.tenant_id = p.tenant_id and m.task_id = p.task_id
    where p.tenant_id = $1 and p.repository_id = $2 and p.number = $3
    union
    select x.id
    from provider_tasks p
    join commits x on x.tenant_id = p.tenant_id and x.repository_id = p.repository_id and x.sha = p.merge_commit
    where p.tenant_id = $1 and p.repository_id = $2 and p.number = $3 and p.merged
        and x.on_default_since is not null
    union
    select r.commit_id
    from provider_tasks p
    join commit_references r on r.tenant_id = p.tenant_id and r.target = $4 and r.relation = 'pr'
    join commits x on x.tenant_id = r.tenant_id and x.id = r.commit_id
    where p.tenant_id = $1 and p.repository_id = $2 and p.number = $3 and p.merged
        and x.repository_id = $2 and x.on_default_since is not null)
order by c.id
