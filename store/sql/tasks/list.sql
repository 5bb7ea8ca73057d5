select t.id, t.repository_id, t.project_id, t.kind, t.key, t.title, t.state, t.path, t.line, t.place, t.parent_id, t.section,
    t.tag, t.assignee, t.named, t.surroundings, t.closed_at, p.path as project_path
from tasks t
left join projects p on p.tenant_id = t.tenant_id and p.id = t.project_id
where t.tenant_id = $1
    and (cast($2 as bigint) is null or t.repository_id = $2)
    and (cast($3 as bigint) is null or t.project_id = $3)
    and (cast($4 as text) is null or t.kind = $4)
    and (cast($5 as text) is null or t.state = $5)
    and ($6 or t.closed_at is null)
    and (t.repository_id, t.path, t.line, t.place, t.id) > (
        select a.repository_id, a.path, a.line, a.place, a.id from tasks a where a.tenant_id = $1 and a.id = $7
        union all
        select 0, '', 0, 0, 0 where cast($7 as bigint) is null)
order by t.repository_id, t.path, t.line, t.place, t.id
limit $8
