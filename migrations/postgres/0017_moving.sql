-- For export, import and transfer: the rows of global tables that belong to one tenant, all of their columns. Each function
-- runs as the owner, with a fixed search_path, and is muster_operator's alone, who makes and deletes tenants.
-- What is sealed, wrapped or hashed comes out as it is kept. A null tenant_id means the installations that nobody has claimed.

create function export_tenants(tenant_id uuid) returns setof tenants
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select t.* from tenants t where t.id = export_tenants.tenant_id
$$;

create function export_data_keys(tenant_id uuid) returns setof data_keys
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select d.* from data_keys d where d.tenant_id = export_data_keys.tenant_id
$$;

create function export_tokens(tenant_id uuid) returns setof tokens
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select k.* from tokens k where k.tenant_id = export_tokens.tenant_id
$$;

create function export_hook_keys(tenant_id uuid) returns setof hook_keys
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select h.* from hook_keys h where h.tenant_id = export_hook_keys.tenant_id
$$;

create function export_installations(tenant_id uuid) returns setof installations
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.* from installations i where i.tenant_id is not distinct from export_installations.tenant_id
$$;

-- The other way: one array a column, one row of the answer for each row written. A key that is taken: a unique violation.
create function import_tenants(tenant_id uuid, subdomain text[], organization_name text[], plan_tier text[],
    max_users bigint[], max_projects bigint[], max_repositories bigint[], stripe_customer_id text[],
    subscription_status text[], change_seq bigint[], suspended_at bigint[], created_at bigint[])
returns setof bigint
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into tenants (id, subdomain, organization_name, plan_tier, max_users, max_projects, max_repositories,
        stripe_customer_id, subscription_status, change_seq, suspended_at, created_at)
    select import_tenants.tenant_id, j.*
    from unnest(import_tenants.subdomain, import_tenants.organization_name, import_tenants.plan_tier,
        import_tenants.max_users, import_tenants.max_projects, import_tenants.max_repositories,
        import_tenants.stripe_customer_id, import_tenants.subscription_status, import_tenants.change_seq,
        import_tenants.suspended_at, import_tenants.created_at) j
    returning 1::bigint
$$;

create function import_data_keys(tenant_id uuid, wrapped bytea[], wrapping_key text[], created_at bigint[])
returns setof bigint
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into data_keys (tenant_id, wrapped, wrapping_key, created_at)
    select import_data_keys.tenant_id, j.*
    from unnest(import_data_keys.wrapped, import_data_keys.wrapping_key, import_data_keys.created_at) j
    returning 1::bigint
$$;

create function import_tokens(tenant_id uuid, hash bytea[], id bigint[], name text[], prefix text[], role text[],
    user_id bigint[], created_at bigint[], expires_at bigint[], last_used_at bigint[], revoked_at bigint[])
returns setof bigint
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into tokens (tenant_id, hash, id, name, prefix, role, user_id, created_at, expires_at, last_used_at, revoked_at)
    select import_tokens.tenant_id, j.*
    from unnest(import_tokens.hash, import_tokens.id, import_tokens.name, import_tokens.prefix, import_tokens.role,
        import_tokens.user_id, import_tokens.created_at, import_tokens.expires_at, import_tokens.last_used_at,
        import_tokens.revoked_at) j
    returning 1::bigint
$$;

create function import_hook_keys(tenant_id uuid, hook_key text[], repository_id bigint[], created_at bigint[])
returns setof bigint
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into hook_keys (tenant_id, hook_key, repository_id, created_at)
    select import_hook_keys.tenant_id, j.*
    from unnest(import_hook_keys.hook_key, import_hook_keys.repository_id, import_hook_keys.created_at) j
    returning 1::bigint
$$;

-- One that nobody has claimed may be there already, and is claimed; one that is another tenant's gives no row.
create function import_installations(tenant_id uuid, provider text[], installation_id bigint[], account text[],
    created_at bigint[], suspended_at bigint[], removed_at bigint[])
returns setof bigint
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into installations (tenant_id, provider, installation_id, account, created_at, suspended_at, removed_at)
    select import_installations.tenant_id, j.*
    from unnest(import_installations.provider, import_installations.installation_id, import_installations.account,
        import_installations.created_at, import_installations.suspended_at, import_installations.removed_at) j
    on conflict (provider, installation_id) do update
    set tenant_id = excluded.tenant_id, account = excluded.account, created_at = excluded.created_at,
        suspended_at = excluded.suspended_at, removed_at = excluded.removed_at
    where installations.tenant_id is null
    returning 1::bigint
$$;

revoke all on function export_tenants(uuid), export_data_keys(uuid), export_tokens(uuid), export_hook_keys(uuid),
    export_installations(uuid),
    import_tenants(uuid, text[], text[], text[], bigint[], bigint[], bigint[], text[], text[], bigint[], bigint[], bigint[]),
    import_data_keys(uuid, bytea[], text[], bigint[]),
    import_tokens(uuid, bytea[], bigint[], text[], text[], text[], bigint[], bigint[], bigint[], bigint[], bigint[]),
    import_hook_keys(uuid, text[], bigint[], bigint[]),
    import_installations(uuid, text[], bigint[], text[], bigint[], bigint[], bigint[])
from public;

grant execute on function export_tenants(uuid), export_data_keys(uuid), export_tokens(uuid), export_hook_keys(uuid),
    export_installations(uuid),
    import_tenants(uuid, text[], text[], text[], bigint[], bigint[], bigint[], text[], text[], bigint[], bigint[], bigint[]),
    import_data_keys(uuid, bytea[], text[], bigint[]),
    import_tokens(uuid, bytea[], bigint[], text[], text[], text[], bigint[], bigint[], bigint[], bigint[], bigint[]),
    import_hook_keys(uuid, text[], bigint[], bigint[]),
    import_installations(uuid, text[], bigint[], text[], bigint[], bigint[], bigint[])
to muster_operator;
