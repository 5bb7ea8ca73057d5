-- What an installation has ready waits until its limit is over.
update jobs
set run_at = $3, parked_until = $3
where installation_id = $1 and turn = $2 and state = 'ready' and run_at < $3
