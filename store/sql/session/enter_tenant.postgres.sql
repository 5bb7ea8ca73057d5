-- Each statement is planned for its own values: most filters of a list are not asked for, and a plan that is kept must
-- allow for all of them. (Not for writing: the checks of foreign keys would be planned anew for each row.)
select set_config('role', $1, true), set_config('app.current_tenant_id', $2, true),
    set_config('plan_cache_mode', 'force_custom_plan', true)
