insert into stale_targets (tenant_id, target, from_commit)
select $1, j.value ->> 0, j.value ->> 1
from json_each($2) j
