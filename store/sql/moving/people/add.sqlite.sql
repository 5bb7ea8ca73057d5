insert into people (tenant_id, id, repository_id, name, email)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3
from json_each($2) j
