insert into stale_targets (tenant_id, target, from_commit)
select $1, j.target, min(j.from_commit)
from unnest($2::text[], $3::bigint[]) as j(target, from_commit)
group by j.target
on conflict (tenant_id, target) do update set from_commit = least(stale_targets.from_commit, excluded.from_commit)
