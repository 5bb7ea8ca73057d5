-- The projects that these commits touch.
select m.commit_id, p.path
from unnest($2::bigint[]) as j(id)
cross join lateral (
    select k.commit_id, k.project_id from commit_projects k where k.tenant_id = $1 and k.commit_id = j.id offset 0) m
cross join lateral (select k.path from projects k where k.tenant_id = $1 and k.id = m.project_id limit 1) p
order by m.commit_id, p.path
