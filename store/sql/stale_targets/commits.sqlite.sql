-- The commits to look at, in order: those of one target behind each other. $2 is their number. The notes are the outer
-- loop, whatever is known of the tables.
select s.target, r.commit_id
from stale_targets s
cross join commit_references r
where s.tenant_id = $1 and r.tenant_id = $1 and r.target = s.target and r.commit_id >= s.from_commit
group by s.target, r.commit_id
order by s.target, r.commit_id
limit $2
