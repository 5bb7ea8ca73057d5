-- Those that cannot mean anything and never did: no task is called so, and no link was made for them. A name of another
-- repository is looked at in any case, for it may have had another meaning before. The offsets keep each question by itself, one
-- look into an index, whatever is known of the tables' sizes.
delete from stale_targets
where tenant_id = $1 and target not like '%_#%'
    and not exists (
        select 1 from tasks t
        where t.tenant_id = $1 and t.key is not null and t.key = stale_targets.target
            and (t.closed_at is null or t.kind in ('issue', 'pull_request'))
        offset 0)
    and not exists (
        select 1 from commit_references r
        where r.tenant_id = $1 and r.target = stale_targets.target and r.resolved
        offset 0)
    and not exists (
        select 1 from task_references r
        where r.tenant_id = $1 and r.target = stale_targets.target and r.resolved
        offset 0)
