-- Every key that a commit of the repository $2 refers to: what it means depends on the projects that the commit touches.
insert into stale_targets (tenant_id, target, from_commit)
select $1, r.target, 0
from commit_references r
join commits c on c.tenant_id = $1 and c.id = r.commit_id
where r.tenant_id = $1 and c.repository_id = $2 and r.target not like '%#%' and r.rule not like 'sha%'
group by r.target
on conflict (tenant_id, target) do update set from_commit = 0
