-- Connections: what a provider says of a repository, who may read it, and which report of it holds. A report replaces another
-- where (report_time, report_rank, report_digest) is larger; null where there was none yet.
alter table repositories add column connected_at bigint; -- null: it was only scanned
alter table repositories add column installation_id bigint; -- the App's installation that reads it; null: a plain hook's
alter table repositories add column access_token bytea; -- sealed with the tenant's data key: for a fetch that asks
alter table repositories add column webhook_secret_previous bytea; -- sealed: still accepted beside the present one
alter table repositories add column owner_id bigint; -- the account at the provider
alter table repositories add column is_private boolean; -- null: not said
alter table repositories add column is_archived boolean;
alter table repositories add column web_url text collate "C"; -- to show, never to contact
alter table repositories add column gone_at bigint; -- the provider has it no longer
alter table repositories add column report_time bigint;
alter table repositories add column report_rank bigint;
alter table repositories add column report_digest bytea;
alter table repositories add column waiting_since bigint; -- when the oldest push was received that does not show yet
create index repositories_by_full_name on repositories (tenant_id, full_name);

alter table installations add column report_time bigint;
alter table installations add column report_rank bigint;
alter table installations add column report_digest bytea;

-- How often a hook was refused since it last spoke: written now and then, never in the course of a request.
alter table hook_keys add column refused_code text collate "C"; -- of the last time
alter table hook_keys add column refused_at bigint;
alter table hook_keys add column refused_count bigint not null default 0;

-- Which repositories an installation may see.
create table installation_repositories (
    tenant_id uuid not null references tenants (id),
    provider text collate "C" not null check (provider in ('github')),
    installation_id bigint not null,
    provider_repo_id bigint not null,
    full_name text collate "C", -- as it was called when that was said
    access text collate "C" not null check (access in ('granted', 'withdrawn')),
    report_time bigint not null,
    report_rank bigint not null,
    report_digest bytea not null,
    primary key (tenant_id, provider, installation_id, provider_repo_id)
);
-- Who may see one repository.
create index installation_repositories_by_repository
    on installation_repositories (tenant_id, provider, provider_repo_id, access);
alter table installation_repositories enable row level security;
alter table installation_repositories force row level security;
create policy tenant_rows on installation_repositories
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on installation_repositories to muster_app;

-- muster_app: an installation is now like this, whoever has claimed it; true where this report holds. A later one stays.
create function installation_report(new_provider text, new_installation_id bigint, new_account text, at bigint,
    new_suspended_at bigint, new_removed_at bigint, new_time bigint, new_rank bigint, new_digest bytea)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into installations as i (provider, installation_id, account, created_at, suspended_at, removed_at, report_time,
        report_rank, report_digest)
    values (new_provider, new_installation_id, new_account, at, new_suspended_at, new_removed_at, new_time, new_rank,
        new_digest)
    on conflict (provider, installation_id)
    do update set account = excluded.account, suspended_at = excluded.suspended_at, removed_at = excluded.removed_at,
        report_time = excluded.report_time, report_rank = excluded.report_rank, report_digest = excluded.report_digest
    where i.report_time is null
        or (i.report_time, i.report_rank, i.report_digest) < (excluded.report_time, excluded.report_rank, excluded.report_digest);
    return found;
end
$$;

-- muster_app: the current tenant's installations.
create function installation_list()
returns table (provider text, installation_id bigint, account text, created_at bigint, suspended_at bigint, removed_at bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.provider, i.installation_id, i.account, i.created_at, i.suspended_at, i.removed_at
    from installations i
    where i.tenant_id = (select current_tenant_id())
    order by i.provider, i.installation_id
$$;

-- muster_app: the addresses of the current tenant's hooks, and how they were refused.
create function hook_list()
returns table (hook_key text, repository_id bigint, created_at bigint, refused_code text, refused_at bigint,
    refused_count bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select h.hook_key, h.repository_id, h.created_at, h.refused_code, h.refused_at, h.refused_count
    from hook_keys h
    where h.tenant_id = (select current_tenant_id())
    order by h.repository_id, h.hook_key
$$;

-- muster_app: somebody called at this address, which exists, and was refused so often since this was last written.
create function hook_refused(hook_key text, code text, at bigint, number bigint) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    update hook_keys h
    set refused_code = hook_refused.code, refused_at = hook_refused.at, refused_count = h.refused_count + hook_refused.number
    where h.hook_key = hook_refused.hook_key
$$;

drop function import_installations(uuid, text[], bigint[], text[], bigint[], bigint[], bigint[]);
-- One that nobody has claimed may be there already, and is claimed; one that is another tenant's gives no row.
create function import_installations(tenant_id uuid, provider text[], installation_id bigint[], account text[],
    created_at bigint[], suspended_at bigint[], removed_at bigint[], report_time bigint[], report_rank bigint[],
    report_digest bytea[])
returns setof bigint
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into installations (tenant_id, provider, installation_id, account, created_at, suspended_at, removed_at,
        report_time, report_rank, report_digest)
    select import_installations.tenant_id, j.*
    from unnest(import_installations.provider, import_installations.installation_id, import_installations.account,
        import_installations.created_at, import_installations.suspended_at, import_installations.removed_at,
        import_installations.report_time, import_installations.report_rank, import_installations.report_digest) j
    on conflict (provider, installation_id) do update
    set tenant_id = excluded.tenant_id, account = excluded.account, created_at = excluded.created_at,
        suspended_at = excluded.suspended_at, removed_at = excluded.removed_at, report_time = excluded.report_time,
        report_rank = excluded.report_rank, report_digest = excluded.report_digest
    where installations.tenant_id is null
    returning 1::bigint
$$;

revoke all on function installation_report(text, bigint, text, bigint, bigint, bigint, bigint, bigint, bytea),
    installation_list(), hook_list(), hook_refused(text, text, bigint, bigint),
    import_installations(uuid, text[], bigint[], text[], bigint[], bigint[], bigint[], bigint[], bigint[], bytea[])
from public;
grant execute on function installation_report(text, bigint, text, bigint, bigint, bigint, bigint, bigint, bytea),
    installation_list(), hook_list(), hook_refused(text, text, bigint, bigint)
to muster_app;
grant execute on function
    import_installations(uuid, text[], bigint[], text[], bigint[], bigint[], bigint[], bigint[], bigint[], bytea[])
to muster_operator;
