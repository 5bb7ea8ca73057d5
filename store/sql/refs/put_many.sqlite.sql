insert into refs (tenant_id, repository_id, name, tip)
select $1, $2, j.value ->> 0, unhex(j.value ->> 1)
from json_each($3) j
where true
on conflict (tenant_id, repository_id, name) do update set tip = excluded.tip, deleted_at = null
