-- What the messages of these commits refer to, in order. Offsets keep the list as the outer loop, here and below: one look into
-- an index for each, whatever is known of the tables' sizes.
select r.commit_id as source_id, c.repository_id, r.place, r.span_start, r.span_end, r.target, r.relation, r.rule, r.resolved
from unnest($2::bigint[]) as j(id)
cross join lateral (select k.repository_id from commits k where k.tenant_id = $1 and k.id = j.id limit 1) c
cross join lateral (select k.* from commit_references k where k.tenant_id = $1 and k.commit_id = j.id offset 0) r
order by r.commit_id, r.place
