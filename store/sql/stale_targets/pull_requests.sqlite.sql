-- The pull requests to look at for targets up to $2; null: for all.
select r.task_id
from stale_targets s
cross join task_references r
where s.tenant_id = $1 and s.from_commit = 0 and (cast($2 as text) is null or s.target <= $2)
    and r.tenant_id = $1 and r.target = s.target
group by r.task_id
order by r.task_id
