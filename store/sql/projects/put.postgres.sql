insert into projects (tenant_id, id, repository_id, path, name, description, version, project_type, role, populated,
    submodule, parent_path, workspace_path, status, total_tasks, completed_tasks, todo_count, declared, documents,
    problems)
select $1, j.id, $2, j.path, j.name, j.description, j.version, j.project_type, j.role, j.populated, j.submodule,
    j.parent_path, j.workspace_path, j.status, j.total_tasks, j.completed_tasks, j.todo_count, j.declared, j.documents,
    j.problems
from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[],
    $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], $16::bigint[], $17::bigint[], $18::text[],
    $19::text[], $20::text[])
    as j(id, path, name, description, version, project_type, role, populated, submodule, parent_path, workspace_path,
        status, total_tasks, completed_tasks, todo_count, declared, documents, problems)
on conflict (tenant_id, id) do update
set path = excluded.path, name = excluded.name, description = excluded.description, version = excluded.version,
    project_type = excluded.project_type, role = excluded.role, populated = excluded.populated,
    submodule = excluded.submodule, parent_path = excluded.parent_path, workspace_path = excluded.workspace_path,
    status = excluded.status, total_tasks = excluded.total_tasks, completed_tasks = excluded.completed_tasks,
    todo_count = excluded.todo_count, declared = excluded.declared, documents = excluded.documents,
    problems = excluded.problems, closed_at = null
