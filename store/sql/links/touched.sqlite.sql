-- The projects that these commits touch.
select m.commit_id, p.path
from commit_projects m
join projects p on p.tenant_id = $1 and p.id = m.project_id
where m.tenant_id = $1 and m.commit_id in (select value from json_each($2))
order by m.commit_id, p.path
