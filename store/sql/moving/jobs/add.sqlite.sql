insert into jobs (tenant_id, id, kind, payload, serial_key, coalescing_key, once_key, installation_id, fair_hint,
    priority, long, run_at, parked_until, state, lease_owner, lease_until, lease_number, attempts, losses, merges,
    merged_into, cause, errors, enqueued_at, started_at, finished_at)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11, j.value ->> 12, j.value ->> 13,
    j.value ->> 14, j.value ->> 15, j.value ->> 16, j.value ->> 17, j.value ->> 18, j.value ->> 19, j.value ->> 20,
    j.value ->> 21, j.value ->> 22, j.value ->> 23, j.value ->> 24
from json_each($2) j
