insert into hook_keys (tenant_id, hook_key, repository_id, created_at)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2
from json_each($2) j
