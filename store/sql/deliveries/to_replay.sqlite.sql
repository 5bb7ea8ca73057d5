-- Deliveries that were planned before, oldest first, and whether their bodies are still there.
select id, body_purged_at is null as has_body
from deliveries
where id > $1 and status <> 'received' and ($2 is null or tenant_id = $2)
    and (cast($3 as text) is null or status = $3) and (cast($4 as text) is null or reason = $4)
    and (cast($5 as text) is null or waits_for = $5)
order by id
limit $6
