select m.commit_id, p.bytes
from commits c
join commit_paths m on m.tenant_id = c.tenant_id and m.commit_id = c.id
join paths p on p.tenant_id = m.tenant_id and p.id = m.path_id
where c.tenant_id = $1 and c.repository_id = $2 and c.id > $3 and c.id <= $4
order by m.commit_id, m.path_id
