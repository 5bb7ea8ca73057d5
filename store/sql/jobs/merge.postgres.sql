-- The ready job that one with the same coalescing key, which would go back, is merged into.
update jobs
set merges = merges + 1 + $4,
    run_at = case when parked_until > $5 then run_at else least(run_at, $3) end
where turn = $1 and coalescing_key = $2 and state = 'ready'
returning id
