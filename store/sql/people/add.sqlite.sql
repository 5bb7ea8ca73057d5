insert into people (tenant_id, id, repository_id, name, email)
select $1, $4 + j.key, $3, j.value ->> 0, j.value ->> 1
from json_each($2) j
