-- $2 is how many may be listed, null for all. The inner query finds the last of them: projects with a greater id came later.
update projects
set over_quota = not over_quota
where tenant_id = $1
    and over_quota <> (closed_at is null and role not in ('fixture', 'template') and id > coalesce((
        select max(l.id)
        from (
            select p.id
            from projects p
            where p.tenant_id = $1 and p.closed_at is null and p.role not in ('fixture', 'template')
            order by p.id
            limit coalesce(cast($2 as bigint), 9223372036854775807)
        ) l), 0))
