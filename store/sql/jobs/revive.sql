-- A dead job runs again, with all its attempts; or stays done where a ready one stands for it.
update jobs
set state = $2, run_at = $3, parked_until = null, attempts = 0, losses = 0, cause = null, finished_at = $4, merged_into = $5
where id = $1 and state = 'dead'
