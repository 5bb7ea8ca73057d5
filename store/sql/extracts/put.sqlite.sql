insert into extracts (tenant_id, repository_id, path, blob, extractor_version, payload)
select $1, $2, j.value ->> 0, unhex(j.value ->> 1), j.value ->> 2, j.value ->> 3
from json_each($3) j
where true
on conflict (tenant_id, repository_id, path) do update
set blob = excluded.blob, extractor_version = excluded.extractor_version, payload = excluded.payload
