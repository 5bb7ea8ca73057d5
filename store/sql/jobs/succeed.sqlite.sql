-- Of the given leases (id, number) those that still hold end well.
update jobs
set state = 'done', finished_at = $1, lease_owner = null, lease_until = null
from json_each($2) i
where jobs.id = i.value ->> 0 and jobs.lease_number = i.value ->> 1 and jobs.lease_owner is not null
returning jobs.id, jobs.lease_number
