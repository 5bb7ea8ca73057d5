select set_config('role', $1, true), set_config('app.current_tenant_id', $2, true),
    pg_advisory_xact_lock(hashtextextended($2, 0))
