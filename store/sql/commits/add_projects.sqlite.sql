insert into commit_projects (tenant_id, project_id, commit_id)
select $1, p.value, cast(c.key as integer)
from json_each($2) c, json_each(c.value) p
