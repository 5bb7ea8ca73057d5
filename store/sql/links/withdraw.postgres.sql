update links set withdrawn_at = $2
where tenant_id = $1 and withdrawn_at is null and ctid = any(array(
    select l.ctid
    from unnest($3::bigint[]) as j(id)
    cross join lateral (select k.ctid from links k where k.tenant_id = $1 and k.id = j.id limit 1) l))
