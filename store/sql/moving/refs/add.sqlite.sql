insert into refs (tenant_id, repository_id, name, tip, deleted_at)
select $1, j.value ->> 0, j.value ->> 1, unhex(j.value ->> 2), j.value ->> 3
from json_each($2) j
