-- Of the given leases (id, number) those that still hold end well.
update jobs j
set state = 'done', finished_at = $1, lease_owner = null, lease_until = null
from unnest($2::bigint[], $3::bigint[]) as i(id, lease_number)
where j.id = i.id and j.lease_number = i.lease_number and j.lease_owner is not null -- it runs: by the primary key and no other index
returning j.id, j.lease_number
