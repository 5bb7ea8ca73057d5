-- Ids come in the order of receiving, so the oldest are those with the lowest.
delete from deliveries
where received_at < $1 and id in (
    select id
    from deliveries
    order by id
    limit $2)
