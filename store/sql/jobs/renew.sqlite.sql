-- Of the given leases (id, number) those that still hold are held until $1.
update jobs
set lease_until = max(jobs.lease_until, $1)
from json_each($2) i
where jobs.id = i.value ->> 0 and jobs.lease_number = i.value ->> 1 and jobs.lease_owner is not null
returning jobs.id, jobs.lease_number
