select p.id, p.repository_id, p.path, p.name, p.description, p.version, p.project_type, p.role, p.populated, p.submodule,
    p.parent_path, p.workspace_path, p.status, p.total_tasks, p.completed_tasks, p.todo_count, p.declared, p.documents,
    p.problems, p.closed_at
from projects p
where p.tenant_id = $1
    and (cast($2 as bigint) is null or p.repository_id = $2)
    and (cast($3 as text) is null or p.project_type = $3)
    and ($4 or p.role not in ('fixture', 'template'))
    and ($5 or p.closed_at is null)
    and (p.repository_id, p.path, p.id) > (
        select a.repository_id, a.path, a.id from projects a where a.tenant_id = $1 and a.id = $6
        union all
        select 0, '', 0 where cast($6 as bigint) is null)
order by p.repository_id, p.path, p.id
limit $7
