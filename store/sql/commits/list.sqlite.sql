-- From each repository at most one page is taken, off the index by time; the pages are then merged. The cross joins
-- keep that order of work. $4 and $5 are the place that the page before ended at; with $7 what no ref reaches is listed too.
select c.id, c.repository_id, c.sha, c.parents, a.name as author_name, a.email as author_email, c.authored_at,
    c.authored_offset, m.name as committer_name, m.email as committer_email, c.committed_at, c.committed_offset, c.message,
    c.path_count, c.paths_complete, c.on_default_since, c.unreachable_since
from repositories r
cross join commits c on c.tenant_id = $1 and c.id in (
    select n.id
    from commits n
    where n.tenant_id = $1 and n.repository_id = r.id
        and (cast($3 as bigint) is null or exists (
            select 1 from commit_projects t where t.tenant_id = $1 and t.project_id = $3 and t.commit_id = n.id))
        and ($7 or n.unreachable_since is null)
        and (n.committed_at, n.id) < ($4, $5)
    order by n.committed_at desc, n.id desc
    limit $6)
cross join people a on a.tenant_id = $1 and a.id = c.author_id
cross join people m on m.tenant_id = $1 and m.id = c.committer_id
where r.tenant_id = $1 and (cast($2 as bigint) is null or r.id = $2)
order by c.committed_at desc, c.id desc
limit $6
