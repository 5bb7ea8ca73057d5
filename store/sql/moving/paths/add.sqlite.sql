insert into paths (tenant_id, id, repository_id, bytes)
select $1, j.value ->> 0, j.value ->> 1, unhex(j.value ->> 2)
from json_each($2) j
