-- The commits to look at, in order: those of one target behind each other. $2 is their number. The inner limit keeps the
-- notes as the outer loop, whatever is known of the tables' sizes.
select s.target, r.commit_id
from stale_targets s
cross join lateral (
    select k.commit_id
    from commit_references k
    where k.tenant_id = $1 and k.target = s.target and k.commit_id >= s.from_commit
    group by k.commit_id
    order by k.commit_id
    limit $2) r
where s.tenant_id = $1
order by s.target, r.commit_id
limit $2
