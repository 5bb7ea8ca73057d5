-- As enter, and with limits to waiting: see enter_tenant_to_write.
select set_config('role', $1, true), set_config('app.current_tenant_id', '', true), set_config('lock_timeout', $2, true),
    set_config('idle_in_transaction_session_timeout', '60s', true),
    current_setting('transaction_read_only') as read_only
