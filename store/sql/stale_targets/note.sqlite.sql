insert into stale_targets (tenant_id, target, from_commit)
select $1, j.value ->> 0, min(j.value ->> 1)
from json_each($2) j
where true
group by j.value ->> 0
on conflict (tenant_id, target) do update set from_commit = min(stale_targets.from_commit, excluded.from_commit)
