insert into submodules (tenant_id, repository_id, path, url, recorded_commit, populated)
select $1, j.repository_id, j.path, j.url, j.recorded_commit, j.populated
from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::boolean[])
    as j(repository_id, path, url, recorded_commit, populated)
