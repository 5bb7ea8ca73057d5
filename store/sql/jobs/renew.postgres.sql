-- Of the given leases (id, number) those that still hold are held until $1.
update jobs j
set lease_until = greatest(j.lease_until, $1)
from unnest($2::bigint[], $3::bigint[]) as i(id, lease_number)
where j.id = i.id and j.lease_number = i.lease_number and j.lease_owner is not null -- it runs: by the primary key and no other index
returning j.id, j.lease_number
