insert into extracts (tenant_id, repository_id, path, blob, extractor_version, payload)
select $1, $2, j.path, j.blob, j.extractor_version, j.payload
from unnest($3::text[], $4::bytea[], $5::bigint[], $6::text[]) as j(path, blob, extractor_version, payload)
on conflict (tenant_id, repository_id, path) do update
set blob = excluded.blob, extractor_version = excluded.extractor_version, payload = excluded.payload
