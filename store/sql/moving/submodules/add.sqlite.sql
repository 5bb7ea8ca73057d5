insert into submodules (tenant_id, repository_id, path, url, recorded_commit, populated)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4
from json_each($2) j
