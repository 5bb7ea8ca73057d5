-- References to $2, which is owner/name#12 in lower case, however it was written.
insert into stale_targets (tenant_id, target, from_commit)
select $1, r.target, 0
from commit_references r indexed by commit_references_qualified
where r.tenant_id = $1 and instr(r.target, '#') > 1 and lower(r.target) = $2
union
select $1, r.target, 0
from task_references r indexed by task_references_qualified
where r.tenant_id = $1 and instr(r.target, '#') > 1 and lower(r.target) = $2
on conflict (tenant_id, target) do update set from_commit = 0
