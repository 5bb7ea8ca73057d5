-- ($6, $7, $8) is the place that the page before ended at, $9 the last repository that is looked at: bounds of a range
-- of the index, whatever else is asked for.
select p.id, p.repository_id, p.path, p.name, p.description, p.version, p.project_type, p.role, p.populated, p.submodule,
    p.parent_path, p.workspace_path, p.status, p.total_tasks, p.completed_tasks, p.todo_count, p.declared, p.documents,
    p.problems, p.closed_at
from projects p
where p.tenant_id = $1
    and (cast($2 as text) is null or p.project_type = $2)
    and ($3 or p.role not in ('fixture', 'template'))
    and ($4 or p.closed_at is null)
    and ($5 or not p.over_quota)
    and (p.repository_id, p.path, p.id) > ($6, $7, $8)
    and p.repository_id <= $9
order by p.repository_id, p.path, p.id
limit $10
