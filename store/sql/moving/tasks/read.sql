select id, repository_id, project_id, kind, key, title, state, path, line, place, parent_id, section, tag, assignee,
    named, surroundings, closed_at
from tasks
where tenant_id = $1
order by id
