delete from changes
where tenant_id = $1 and seq in (
    select seq
    from changes
    where tenant_id = $1 and visible_at < $2
    order by seq
    limit $3)
