-- The last delivery of a hook is looked for among the tenant's newest ten thousand; whether there was one at all, everywhere.
with recent as (
    select d.hook, max(d.received_at) as received_at
    from (select hook, received_at from deliveries where tenant_id = $1 order by id desc limit 10000) d
    group by d.hook)
select h.hook_key, h.repository_id, h.created_at, h.refused_code, h.refused_at, h.refused_count,
    r.received_at as delivered_at,
    exists (select 1 from deliveries d where d.hook = h.hook_key and d.tenant_id = $1) as has_delivered
from hook_list() h
left join recent r on r.hook = h.hook_key
order by h.repository_id, h.hook_key
