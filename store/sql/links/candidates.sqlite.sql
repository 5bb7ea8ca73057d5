-- Tasks by key, in an order that does not depend on their ids. A file's task counts while it is there; the provider's numbers
-- are for ever. With $4 those of the repositories $3 alone.
select t.key, t.id, t.repository_id, coalesce(p.path, '.') as project_path
from tasks t indexed by tasks_by_key
left join projects p on p.tenant_id = $1 and p.id = t.project_id
where t.tenant_id = $1 and t.key is not null and t.key in (select value from json_each($2))
    and (t.closed_at is null or t.kind in ('issue', 'pull_request'))
    and (t.key like '#%') = (t.kind in ('issue', 'pull_request'))
    and (not $4 or t.repository_id in (select value from json_each($3)))
order by t.key, t.repository_id, project_path, t.path, t.line, t.place, t.id
