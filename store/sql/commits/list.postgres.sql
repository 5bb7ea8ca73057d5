-- From each repository at most one page is taken, off the index by time; the pages are then merged. $4 and $5 are the
-- place that the page before ended at; with $7 what no ref reaches is listed too.
select c.id, c.repository_id, c.sha, c.parents, a.name as author_name, a.email as author_email, c.authored_at,
    c.authored_offset, m.name as committer_name, m.email as committer_email, c.committed_at, c.committed_offset, c.message,
    c.path_count, c.paths_complete, c.on_default_since, c.unreachable_since
from (
    select n.*
    from repositories r
    cross join lateral (
        select l.*
        from commits l
        where l.tenant_id = $1 and l.repository_id = r.id and l.id > 0
            and (cast($3 as bigint) is null or exists (
                select 1 from commit_projects t where t.tenant_id = $1 and t.project_id = $3 and t.commit_id = l.id))
            and ($7 or l.unreachable_since is null)
            and (l.committed_at, l.id) < ($4, $5)
        order by l.committed_at desc, l.id desc
        limit $6
    ) n
    where r.tenant_id = $1 and (cast($2 as bigint) is null or r.id = $2)
    order by n.committed_at desc, n.id desc
    limit $6
) c
join people a on a.tenant_id = $1 and a.id = c.author_id
join people m on m.tenant_id = $1 and m.id = c.committer_id
order by c.committed_at desc, c.id desc
