-- The last delivery of the App is looked for among the newest ten thousand; whether there was one at all, everywhere.
select r.refused_code, r.refused_at, coalesce(r.refused_count, 0) as refused_count,
    (select max(d.received_at) from (select hook, received_at from deliveries order by id desc limit 10000) d
        where d.hook = 'app') as delivered_at,
    exists (select 1 from deliveries d where d.hook = 'app') as has_delivered
from (select 1 as one) always
left join app_refusals r on r.provider = 'github'
