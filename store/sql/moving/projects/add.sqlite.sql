insert into projects (tenant_id, id, repository_id, path, name, description, version, project_type, role, populated,
    submodule, parent_path, workspace_path, status, total_tasks, completed_tasks, todo_count, declared, documents,
    problems, closed_at, over_quota)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11, j.value ->> 12, j.value ->> 13,
    j.value ->> 14, j.value ->> 15, j.value ->> 16, j.value ->> 17, j.value ->> 18, j.value ->> 19, j.value ->> 20
from json_each($2) j
