insert into paths (tenant_id, id, repository_id, bytes)
select $1, $3 + j.key, $2, cast(j.value as blob)
from json_each($4) j
