-- Tasks by key, in an order that does not depend on their ids. A file's task counts while it is there; the provider's numbers
-- are for ever. With $4 those of the repositories $3 alone.
select t.key, t.id, t.repository_id, coalesce(p.path, '.') as project_path
from unnest($2::text[]) as j(key)
cross join lateral (
    select k.*
    from tasks k
    where k.tenant_id = $1 and k.key is not null and k.key = j.key
        and (k.closed_at is null or k.kind in ('issue', 'pull_request'))
        and (k.key like '#%') = (k.kind in ('issue', 'pull_request'))
        and (not $4 or k.repository_id = any($3::bigint[]))
    offset 0) t
left join lateral (select k.path from projects k where k.tenant_id = $1 and k.id = t.project_id limit 1) p on true
order by t.key, t.repository_id, project_path, t.path, t.line, t.place, t.id
