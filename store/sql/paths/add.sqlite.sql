insert into paths (tenant_id, id, repository_id, bytes)
select $1, $4 + j.key, $3, cast(j.value as blob)
from json_each($2) j
