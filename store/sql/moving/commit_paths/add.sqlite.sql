insert into commit_paths (tenant_id, commit_id, path_id)
select $1, j.value ->> 0, j.value ->> 1
from json_each($2) j
