-- The first $3 bodies received before $2 go; keys and outcomes stay.
update deliveries
set body = null, body_purged_at = $1
where id in (
    select id
    from deliveries
    where body_purged_at is null and received_at < $2
    order by received_at
    limit $3)
