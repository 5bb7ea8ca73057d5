-- The pull requests to look at for targets up to $2; null: for all.
select r.task_id
from stale_targets s
cross join lateral (
    select k.task_id from task_references k where k.tenant_id = $1 and k.target = s.target offset 0) r
where s.tenant_id = $1 and s.from_commit = 0 and (cast($2 as text) is null or s.target <= $2)
group by r.task_id
order by r.task_id
