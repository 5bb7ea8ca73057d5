select m.commit_id, p.bytes
from commit_paths m
join paths p on p.tenant_id = $1 and p.id = m.path_id
where m.tenant_id = $1 and m.commit_id = any($2::bigint[])
order by m.commit_id, p.bytes
