insert into stale_targets (tenant_id, target, from_commit)
select $1, j.target, j.from_commit
from unnest($2::text[], $3::bigint[])
    as j(target, from_commit)
