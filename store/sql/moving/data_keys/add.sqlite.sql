insert into data_keys (tenant_id, wrapped, wrapping_key, created_at)
select $1, unhex(j.value ->> 0), j.value ->> 1, j.value ->> 2
from json_each($2) j
