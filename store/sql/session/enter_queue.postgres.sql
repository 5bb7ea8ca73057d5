-- The queue's tables are empty one minute and full the next, so no plan may hang on their statistics: each statement has one
-- index that it is made for (see the indexes of 0014), and is planned once a connection.
select set_config('role', $1, true), set_config('app.current_tenant_id', '', true), set_config('lock_timeout', $2, true),
    set_config('idle_in_transaction_session_timeout', '60s', true), set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('enable_sort', 'off', true), set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true),
    current_setting('transaction_read_only') as read_only
