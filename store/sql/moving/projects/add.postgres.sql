insert into projects (tenant_id, id, repository_id, path, name, description, version, project_type, role, populated,
    submodule, parent_path, workspace_path, status, total_tasks, completed_tasks, todo_count, declared, documents,
    problems, closed_at, over_quota)
select $1, j.id, j.repository_id, j.path, j.name, j.description, j.version, j.project_type, j.role, j.populated,
    j.submodule, j.parent_path, j.workspace_path, j.status, j.total_tasks, j.completed_tasks, j.todo_count, j.declared,
    j.documents, j.problems, j.closed_at, j.over_quota
from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::boolean[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], $16::bigint[], $17::bigint[],
    $18::text[], $19::text[], $20::text[], $21::bigint[], $22::boolean[])
    as j(id, repository_id, path, name, description, version, project_type, role, populated, submodule, parent_path,
    workspace_path, status, total_tasks, completed_tasks, todo_count, declared, documents, problems, closed_at,
    over_quota)
