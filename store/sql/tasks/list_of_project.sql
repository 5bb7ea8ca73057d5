-- As `list`, for one project, $12: its tasks are of one repository, so an index by project has them in their order. The
-- signs keep the index by repository out of it.
select t.id, t.repository_id, t.project_id, t.kind, t.key, t.title, t.state, t.path, t.line, t.place, t.parent_id, t.section,
    t.tag, t.assignee, t.named, t.surroundings, t.closed_at, p.path as project_path
from tasks t
left join projects p on p.tenant_id = $1 and p.id = t.project_id
where t.tenant_id = $1 and t.project_id = $12
    and (cast($2 as text) is null or t.kind = $2)
    and (cast($3 as text) is null or t.state = $3)
    and ($4 or t.closed_at is null)
    and (+t.repository_id, t.path, t.line, t.place, t.id) > ($5, $6, $7, $8, $9)
    and +t.repository_id <= $10
order by t.path, t.line, t.place, t.id
limit $11
