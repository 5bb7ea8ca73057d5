select id, repository_id, path, name, description, version, project_type, role, populated, submodule, parent_path,
    workspace_path, status, total_tasks, completed_tasks, todo_count, declared, documents, problems, closed_at,
    over_quota
from projects
where tenant_id = $1
order by id
