insert into extracts (tenant_id, repository_id, path, blob, extractor_version, payload)
select $1, j.repository_id, j.path, j.blob, j.extractor_version, j.payload
from unnest($2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::text[])
    as j(repository_id, path, blob, extractor_version, payload)
