-- Ends a lease: back to ready, done by being merged, or dead.
update jobs
set state = $3, run_at = $4, parked_until = $5, attempts = $6, losses = $7, cause = $8, errors = $9, finished_at = $10,
    merged_into = $11, lease_owner = null, lease_until = null
where id = $1 and lease_number = $2 and lease_owner is not null
