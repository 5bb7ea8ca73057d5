-- Nobody waits for ever: who waits for a lock gives up after $3, and a process that has stopped in the middle, or cannot be
-- reached any more, loses its transaction and with it the tenant's turn. In this order: the limit is set before the wait.
--
-- Nothing that is written here is found by reading a whole table. The planner does so while a table is small, and a kept
-- plan (that of a foreign key's check is) goes on when it has grown.
select set_config('role', $1, true), set_config('app.current_tenant_id', $2, true), set_config('lock_timeout', $3, true),
    set_config('idle_in_transaction_session_timeout', '60s', true), set_config('enable_seqscan', 'off', true),
    current_setting('transaction_read_only') as read_only, pg_advisory_xact_lock(hashtextextended($2, 0))
