-- The queue's role. Its tables are empty one minute and full the next, so no plan may hang on their statistics: each
-- statement has one index that it is made for, and is planned once a connection.
select set_config('role', $1, true), set_config('app.current_tenant_id', '', true),
    set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
    set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true), set_config('jit', 'off', true)
