insert into projects (tenant_id, id, repository_id, path, name, description, version, project_type, role, populated,
    submodule, parent_path, workspace_path, status, total_tasks, completed_tasks, todo_count, declared, documents,
    problems)
select $1, j.value ->> 0, $2, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11, j.value ->> 12, j.value ->> 13,
    j.value ->> 14, j.value ->> 15, j.value ->> 16, j.value ->> 17
from json_each($3) j
where true
on conflict (tenant_id, id) do update
set path = excluded.path, name = excluded.name, description = excluded.description, version = excluded.version,
    project_type = excluded.project_type, role = excluded.role, populated = excluded.populated,
    submodule = excluded.submodule, parent_path = excluded.parent_path, workspace_path = excluded.workspace_path,
    status = excluded.status, total_tasks = excluded.total_tasks, completed_tasks = excluded.completed_tasks,
    todo_count = excluded.todo_count, declared = excluded.declared, documents = excluded.documents,
    problems = excluded.problems, closed_at = null
