select p.id, p.repository_id, p.path, p.name, p.description, p.version, p.project_type, p.role, p.populated, p.submodule,
    p.parent_path, p.workspace_path, p.status, p.total_tasks, p.completed_tasks, p.todo_count, p.declared, p.documents,
    p.problems, p.closed_at
from projects p
where p.tenant_id = $1 and p.repository_id = $2
order by p.id
