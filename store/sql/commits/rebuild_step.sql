-- The last commit of the next step: at most $4 commits, and no further once they have $5 paths.
select max(s.id) as last
from (
    select c.id, sum(c.path_count) over (order by c.id) - c.path_count as before
    from (
        select id, path_count
        from commits
        where tenant_id = $1 and repository_id = $2 and id > $3
        order by id
        limit $4
    ) c
) s
where s.before < $5
