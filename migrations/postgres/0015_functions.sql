-- Narrow ways into the global tables. Each runs as the owner, with a fixed search_path; nobody may call it but the role that
-- is named above it. "The current tenant" is that of app.current_tenant_id: without one these functions fail.
-- The owner may be bound by row-level security as everybody is: what touches tenant tables sets the tenant first.

-- What may be known of a tenant. A type, so that its texts sort as bytes in every query, as those of tables do.
create type tenant_facts as (
    id uuid,
    subdomain text collate "C",
    organization_name text collate "C",
    plan_tier text collate "C",
    max_users bigint,
    max_projects bigint,
    max_repositories bigint,
    stripe_customer_id text collate "C",
    subscription_status text collate "C",
    change_seq bigint,
    suspended_at bigint,
    created_at bigint
);

-- For the functions below alone.
create function current_tenant_id() returns uuid
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
    setting text := nullif(current_setting('app.current_tenant_id', true), '');
begin
    if setting is null then
        raise exception 'no tenant is set' using errcode = 'no_data_found',
            hint = 'Call set_config(''app.current_tenant_id'', <id>, true) first, in the same transaction.';
    end if;
    return setting::uuid;
end
$$;

-- muster_app, muster_operator: every tenant. Work across tenants lists them, then has a transaction for each.
create function tenant_list() returns setof tenant_facts
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select t.id, t.subdomain, t.organization_name, t.plan_tier, t.max_users, t.max_projects, t.max_repositories,
        t.stripe_customer_id, t.subscription_status, t.change_seq, t.suspended_at, t.created_at
    from tenants t
    order by t.subdomain
$$;

-- muster_app, muster_operator: the tenant that a person names.
create function tenant_by_subdomain(subdomain text) returns setof tenant_facts
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select t.id, t.subdomain, t.organization_name, t.plan_tier, t.max_users, t.max_projects, t.max_repositories,
        t.stripe_customer_id, t.subscription_status, t.change_seq, t.suspended_at, t.created_at
    from tenants t
    where t.subdomain = tenant_by_subdomain.subdomain
$$;

-- muster_app: the current tenant; no row where it has been deleted.
create function tenant_current() returns setof tenant_facts
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select t.id, t.subdomain, t.organization_name, t.plan_tier, t.max_users, t.max_projects, t.max_repositories,
        t.stripe_customer_id, t.subscription_status, t.change_seq, t.suspended_at, t.created_at
    from tenants t
    where t.id = (select current_tenant_id())
$$;

-- muster_app: the same, locked until the transaction ends, so that who counts against a quota counts alone.
create function tenant_lock() returns setof tenant_facts
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    select t.id, t.subdomain, t.organization_name, t.plan_tier, t.max_users, t.max_projects, t.max_repositories,
        t.stripe_customer_id, t.subscription_status, t.change_seq, t.suspended_at, t.created_at
    from tenants t
    where t.id = (select current_tenant_id())
    for no key update
$$;

-- muster_app: the next seq of changes. It locks the tenant's row, so it is the last statement of its transaction.
create function next_change_seq() returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    seq bigint;
begin
    update tenants t set change_seq = t.change_seq + 1 where t.id = current_tenant_id() returning t.change_seq into seq;
    if seq is null then
        raise exception 'the tenant does not exist' using errcode = 'no_data_found';
    end if;
    return seq;
end
$$;

-- muster_app: for an import, so that new changes follow those that came along.
create function raise_change_seq(at_least bigint) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    seq bigint;
begin
    update tenants t set change_seq = greatest(t.change_seq, raise_change_seq.at_least)
    where t.id = current_tenant_id()
    returning t.change_seq into seq;
    if seq is null then
        raise exception 'the tenant does not exist' using errcode = 'no_data_found';
    end if;
    return seq;
end
$$;

-- muster_app: whose token this is. It finds revoked and expired ones too, so that the caller can say so.
create function token_find(hash bytea)
returns table (tenant_id uuid, id bigint, name text, role text, user_id bigint, expires_at bigint,
    last_used_at bigint, revoked_at bigint, suspended_at bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select k.tenant_id, k.id, k.name, k.role, k.user_id, k.expires_at, k.last_used_at, k.revoked_at, t.suspended_at
    from tokens k
    join tenants t on t.id = k.tenant_id
    where k.hash = token_find.hash
$$;

-- muster_app: a new token of the current tenant; its id.
create function token_add(hash bytea, name text, prefix text, role text, user_id bigint, created_at bigint,
    expires_at bigint)
returns bigint
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    select from tenants t where t.id = (select current_tenant_id()) for no key update; -- ids are given out one by one
    insert into tokens (hash, tenant_id, id, name, prefix, role, user_id, created_at, expires_at)
    select token_add.hash, c.id, (select coalesce(max(k.id), 0) + 1 from tokens k where k.tenant_id = c.id),
        token_add.name, token_add.prefix, token_add.role, token_add.user_id, token_add.created_at, token_add.expires_at
    from (select current_tenant_id() as id) c
    returning id
$$;

-- muster_app: the tokens of the current tenant, without their hashes.
create function token_list()
returns table (id bigint, name text, prefix text, role text, user_id bigint, created_at bigint, expires_at bigint,
    last_used_at bigint, revoked_at bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select k.id, k.name, k.prefix, k.role, k.user_id, k.created_at, k.expires_at, k.last_used_at, k.revoked_at
    from tokens k
    where k.tenant_id = (select current_tenant_id())
    order by k.id
$$;

-- muster_app: ends a token of the current tenant; true where there is one. A second time changes nothing.
create function token_revoke(id bigint, at bigint) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update tokens k set revoked_at = coalesce(k.revoked_at, token_revoke.at)
    where k.tenant_id = current_tenant_id() and k.id = token_revoke.id;
    return found;
end
$$;

-- muster_app: notes that a token was used, unless that was noted after "before". Who has the hash has the token, so no
-- tenant is asked for.
create function token_touch(hash bytea, at bigint, before bigint) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    update tokens k set last_used_at = token_touch.at
    where k.hash = token_touch.hash and (k.last_used_at is null or k.last_used_at <= token_touch.before)
$$;

-- muster_app: whose hook calls at this address.
create function hook_find(hook_key text) returns table (tenant_id uuid, repository_id bigint, suspended_at bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select h.tenant_id, h.repository_id, t.suspended_at
    from hook_keys h
    join tenants t on t.id = h.tenant_id
    where h.hook_key = hook_find.hook_key
$$;

-- muster_app: a new address for a repository of the current tenant. Taken already: a unique violation.
create function hook_add(hook_key text, repository_id bigint, created_at bigint) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into hook_keys (hook_key, tenant_id, repository_id, created_at)
    values (hook_add.hook_key, current_tenant_id(), hook_add.repository_id, hook_add.created_at)
$$;

-- muster_app: takes an address away from the current tenant; true where it had it.
create function hook_remove(hook_key text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from hook_keys h where h.tenant_id = current_tenant_id() and h.hook_key = hook_remove.hook_key;
    return found;
end
$$;

-- muster_app: who has claimed an installation of the App. The tenant is null where nobody has.
create function installation_find(provider text, installation_id bigint)
returns table (tenant_id uuid, account text, suspended_at bigint, removed_at bigint, tenant_suspended_at bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.tenant_id, i.account, i.suspended_at, i.removed_at, t.suspended_at
    from installations i
    left join tenants t on t.id = i.tenant_id
    where i.provider = installation_find.provider and i.installation_id = installation_find.installation_id
$$;

-- muster_app: makes an installation the current tenant's; false where another has it. Who claims it was checked before.
create function installation_claim(new_provider text, new_installation_id bigint, new_account text, at bigint)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into installations as i (provider, installation_id, tenant_id, account, created_at)
    values (new_provider, new_installation_id, current_tenant_id(), new_account, at)
    on conflict (provider, installation_id)
    do update set tenant_id = excluded.tenant_id, account = excluded.account, removed_at = null
    where i.tenant_id is null or i.tenant_id = excluded.tenant_id;
    return found;
end
$$;

-- muster_app: the current tenant's data key, as it was wrapped.
create function data_key_get() returns table (wrapped bytea, wrapping_key text, created_at bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select d.wrapped, d.wrapping_key, d.created_at from data_keys d where d.tenant_id = (select current_tenant_id())
$$;

-- muster_app: gives the current tenant a data key unless it has one; the one that it has now. Two statements, so that
-- the second sees a key that came in between.
create function data_key_put(new_wrapped bytea, new_wrapping_key text, at bigint)
returns table (wrapped bytea, wrapping_key text, created_at bigint)
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into data_keys (tenant_id, wrapped, wrapping_key, created_at)
    values (current_tenant_id(), new_wrapped, new_wrapping_key, at)
    on conflict do nothing;
    select d.wrapped, d.wrapping_key, d.created_at from data_keys d where d.tenant_id = (select current_tenant_id())
$$;

-- muster_app: the same data key wrapped by another key; false where it is no longer wrapped as the caller thinks.
create function data_key_rewrap(old_wrapped bytea, new_wrapped bytea, new_wrapping_key text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update data_keys d set wrapped = new_wrapped, wrapping_key = new_wrapping_key
    where d.tenant_id = current_tenant_id() and d.wrapped = old_wrapped;
    return found;
end
$$;

-- muster_app: which keys must be at hand; how many tenants' data keys each wraps.
create function wrapping_keys_in_use() returns table (wrapping_key text, tenants bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select d.wrapping_key, count(*) from data_keys d group by d.wrapping_key order by d.wrapping_key
$$;

-- muster_operator: a new tenant; its id. Its subdomain is taken already: a unique violation.
create function tenant_create(id uuid, subdomain text, organization_name text, plan_tier text, max_users bigint,
    max_projects bigint, max_repositories bigint, created_at bigint)
returns uuid
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into tenants (id, subdomain, organization_name, plan_tier, max_users, max_projects, max_repositories, created_at)
    values (tenant_create.id, tenant_create.subdomain, tenant_create.organization_name, tenant_create.plan_tier,
        tenant_create.max_users, tenant_create.max_projects, tenant_create.max_repositories, tenant_create.created_at)
    returning id
$$;

-- muster_operator: what a tenant is called, may have and pays for; true where there is one. All of it is written.
create function tenant_change(id uuid, organization_name text, plan_tier text, max_users bigint, max_projects bigint,
    max_repositories bigint, stripe_customer_id text, subscription_status text)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
    update tenants t
    set organization_name = tenant_change.organization_name, plan_tier = tenant_change.plan_tier,
        max_users = tenant_change.max_users, max_projects = tenant_change.max_projects,
        max_repositories = tenant_change.max_repositories, stripe_customer_id = tenant_change.stripe_customer_id,
        subscription_status = tenant_change.subscription_status
    where t.id = tenant_change.id;
    return found;
end
$$;

-- muster_operator: suspends a tenant, or with null takes it up again; true where there is one.
create function tenant_suspend(id uuid, at bigint) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update tenants t set suspended_at = tenant_suspend.at where t.id = tenant_suspend.id;
    return found;
end
$$;

-- muster_operator: deletes a tenant with every row that belongs to it; the number of rows, 0 where there is none.
-- A table that is missing from the list cannot be left behind: the delete then fails at a foreign key.
create function tenant_delete(id uuid) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    before text := current_setting('app.current_tenant_id', true);
    name text;
    rows bigint;
    total bigint := 0;
begin
    -- Takes the tenant's turn to write, as every writer does first: else the two could wait for each other in a circle.
    perform pg_advisory_xact_lock(hashtextextended(tenant_delete.id::text, 0));
    -- Waits for those who are adding rows now; who comes later fails at a foreign key.
    perform from tenants t where t.id = tenant_delete.id for update;
    if not found then
        return 0;
    end if;
    perform set_config('app.current_tenant_id', tenant_delete.id::text, true);
    perform from repositories r where r.tenant_id = tenant_delete.id order by r.id for update;
    -- Children before their parents.
    foreach name in array array['jobs', 'deliveries', 'hook_keys', 'installations', 'tokens', 'data_keys', 'audit_log',
        'changes', 'links', 'commit_references', 'commit_projects', 'commit_paths', 'commits', 'paths', 'people',
        'extracts', 'tasks', 'project_manifests', 'project_paths', 'projects', 'scans', 'submodules', 'refs',
        'repositories', 'users']
    loop
        execute format('delete from %I where tenant_id = $1', name) using tenant_delete.id;
        get diagnostics rows = row_count;
        total := total + rows;
    end loop;
    delete from tenants t where t.id = tenant_delete.id;
    get diagnostics rows = row_count;
    perform set_config('app.current_tenant_id', coalesce(before, ''), true);
    return total + rows;
end
$$;

-- muster_operator: after deliveries and jobs were brought in with their ids: new ids will be above these.
create function queue_ids_above(deliveries bigint, jobs bigint) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    select setval('deliveries_id_seq', greatest(s.last_value, queue_ids_above.deliveries)) from deliveries_id_seq s;
    select setval('jobs_id_seq', greatest(s.last_value, queue_ids_above.jobs)) from jobs_id_seq s;
$$;

revoke all on function current_tenant_id(), tenant_list(), tenant_by_subdomain(text), tenant_current(), tenant_lock(),
    next_change_seq(), raise_change_seq(bigint), token_find(bytea),
    token_add(bytea, text, text, text, bigint, bigint, bigint), token_list(), token_revoke(bigint, bigint),
    token_touch(bytea, bigint, bigint), hook_find(text), hook_add(text, bigint, bigint), hook_remove(text),
    installation_find(text, bigint), installation_claim(text, bigint, text, bigint), data_key_get(),
    data_key_put(bytea, text, bigint), data_key_rewrap(bytea, bytea, text), wrapping_keys_in_use(),
    tenant_create(uuid, text, text, text, bigint, bigint, bigint, bigint),
    tenant_change(uuid, text, text, bigint, bigint, bigint, text, text), tenant_suspend(uuid, bigint),
    tenant_delete(uuid), queue_ids_above(bigint, bigint)
from public;

grant execute on function tenant_list(), tenant_by_subdomain(text) to muster_app, muster_operator;

grant execute on function tenant_current(), tenant_lock(), next_change_seq(), raise_change_seq(bigint),
    token_find(bytea), token_add(bytea, text, text, text, bigint, bigint, bigint), token_list(),
    token_revoke(bigint, bigint), token_touch(bytea, bigint, bigint), hook_find(text), hook_add(text, bigint, bigint),
    hook_remove(text), installation_find(text, bigint), installation_claim(text, bigint, text, bigint), data_key_get(),
    data_key_put(bytea, text, bigint), data_key_rewrap(bytea, bytea, text), wrapping_keys_in_use()
to muster_app;

grant execute on function tenant_create(uuid, text, text, text, bigint, bigint, bigint, bigint),
    tenant_change(uuid, text, text, bigint, bigint, bigint, text, text), tenant_suspend(uuid, bigint),
    tenant_delete(uuid), queue_ids_above(bigint, bigint)
to muster_operator;
