insert into submodules (tenant_id, repository_id, path, url, recorded_commit, populated)
select $1, $2, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3
from json_each($3) j
