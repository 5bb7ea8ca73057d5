-- A ready job need not wait for its time.
update jobs
set run_at = $2, parked_until = null
where id = $1 and state = 'ready'
