insert into submodules (tenant_id, repository_id, path, url, recorded_commit, populated)
select $1, $2, j.path, j.url, j.recorded_commit, j.populated
from unnest($3::text[], $4::text[], $5::text[], $6::boolean[]) as j(path, url, recorded_commit, populated)
