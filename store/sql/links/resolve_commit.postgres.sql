-- By where the rows stand: each is looked up in the index, whatever is known of the table's size.
update commit_references set resolved = $2
where tenant_id = $1 and ctid = any(array(
    select r.ctid
    from unnest($3::bigint[], $4::bigint[]) as j(id, place)
    cross join lateral (
        select k.ctid from commit_references k
        where k.tenant_id = $1 and k.commit_id = j.id and k.place = j.place
        limit 1) r))
