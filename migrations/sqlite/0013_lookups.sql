-- Lookups: what leads to a tenant before a tenant is known, and each tenant's data key. Global tables.
create table tokens (
    hash blob not null primary key check (length(hash) = 32), -- SHA-256; the token itself is shown once and not kept
    tenant_id blob not null references tenants (id),
    id integer not null,
    name text not null,
    prefix text not null, -- the token's readable beginning
    role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
    user_id integer, -- null: of the organisation
    created_at integer not null,
    expires_at integer,
    last_used_at integer,
    revoked_at integer,
    unique (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id)
) strict, without rowid;

-- The last part of the address that a single repository's hook calls.
create table hook_keys (
    hook_key text not null primary key check (length(hook_key) between 1 and 200),
    tenant_id blob not null,
    repository_id integer not null,
    created_at integer not null,
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
) strict, without rowid;
create index hook_keys_by_repository on hook_keys (tenant_id, repository_id);

create table installations (
    provider text not null check (provider in ('github')),
    installation_id integer not null,
    tenant_id blob references tenants (id), -- null: nobody has claimed it
    account text not null, -- the provider's name of who installed it
    created_at integer not null,
    suspended_at integer,
    removed_at integer,
    primary key (provider, installation_id)
) strict, without rowid;
create index installations_by_tenant on installations (tenant_id, provider, installation_id);

-- Without its row a tenant's secrets cannot be read again.
create table data_keys (
    tenant_id blob not null primary key references tenants (id),
    wrapped blob not null,
    wrapping_key text not null, -- which key wrapped it
    created_at integer not null
) strict, without rowid;
