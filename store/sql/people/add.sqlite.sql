insert into people (tenant_id, id, repository_id, name, email)
select $1, $3 + j.key, $2, j.value ->> 0, j.value ->> 1
from json_each($4) j
