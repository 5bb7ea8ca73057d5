-- References to anything of the repository that is called $2 in lower case: from $2 and '#' up to what sorts behind that.
insert into stale_targets (tenant_id, target, from_commit)
select $1, r.target, 0
from commit_references r
where r.tenant_id = $1 and instr(r.target, '#') > 1 and lower(r.target) >= $2 || '#' and lower(r.target) < $2 || '$'
union
select $1, r.target, 0
from task_references r
where r.tenant_id = $1 and instr(r.target, '#') > 1 and lower(r.target) >= $2 || '#' and lower(r.target) < $2 || '$'
on conflict (tenant_id, target) do update set from_commit = 0
