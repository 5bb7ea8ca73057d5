-- The turn to migrate. Whoever stops in the middle, and does nothing at all for a minute, loses it.
select set_config('idle_in_transaction_session_timeout', '60s', true),
    pg_advisory_xact_lock(hashtextextended('muster schema', 0))
