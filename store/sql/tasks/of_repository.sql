select t.id, t.repository_id, t.project_id, t.kind, t.key, t.title, t.state, t.path, t.line, t.place, t.parent_id, t.section,
    t.tag, t.assignee, t.named, t.surroundings, t.closed_at
from tasks t
where t.tenant_id = $1 and t.repository_id = $2 and t.kind in ('checkbox', 'comment')
order by t.path, t.line, t.place, t.id
