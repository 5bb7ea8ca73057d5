insert into extracts (tenant_id, repository_id, path, blob, extractor_version, payload)
select $1, j.value ->> 0, j.value ->> 1, unhex(j.value ->> 2), j.value ->> 3, j.value ->> 4
from json_each($2) j
