insert into commit_paths (tenant_id, commit_id, path_id)
select $1, cast(c.key as integer), p.value
from json_each($2) c, json_each(c.value) p
