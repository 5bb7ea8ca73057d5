select pg_advisory_xact_lock(hashtextextended('muster schema', 0))
