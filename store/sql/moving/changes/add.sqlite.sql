insert into changes (tenant_id, seq, repository_id, kind, pushed_at, received_at, visible_at)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5
from json_each($2) j
