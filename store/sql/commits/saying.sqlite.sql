-- Commits behind $3 whose messages hold one of the texts, in order.
select c.id, c.message
from commits c
where c.tenant_id = $1 and c.repository_id = $2 and c.id > $3
    and exists (select 1 from json_each($4) k where instr(c.message, k.value) > 0)
order by c.id
limit $5
