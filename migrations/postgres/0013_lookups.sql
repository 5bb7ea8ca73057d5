-- Lookups: what leads to a tenant before a tenant is known, and each tenant's data key. Global tables.
-- No run-time role is granted anything on them: they reach them through the functions of 0015 alone.
create table tokens (
    hash bytea not null primary key check (octet_length(hash) = 32), -- SHA-256; the token itself is shown once and not kept
    tenant_id uuid not null references tenants (id),
    id bigint not null,
    name text collate "C" not null,
    prefix text collate "C" not null, -- the token's readable beginning
    role text collate "C" not null check (role in ('owner', 'admin', 'member', 'viewer')),
    user_id bigint, -- null: of the organisation
    created_at bigint not null,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint,
    unique (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id)
);

-- The last part of the address that a single repository's hook calls.
create table hook_keys (
    hook_key text collate "C" not null primary key check (length(hook_key) between 1 and 200),
    tenant_id uuid not null,
    repository_id bigint not null,
    created_at bigint not null,
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
);
create index hook_keys_by_repository on hook_keys (tenant_id, repository_id);

create table installations (
    provider text collate "C" not null check (provider in ('github')),
    installation_id bigint not null,
    tenant_id uuid references tenants (id), -- null: nobody has claimed it
    account text collate "C" not null, -- the provider's name of who installed it
    created_at bigint not null,
    suspended_at bigint,
    removed_at bigint,
    primary key (provider, installation_id)
);
create index installations_by_tenant on installations (tenant_id, provider, installation_id);

-- Without its row a tenant's secrets cannot be read again.
create table data_keys (
    tenant_id uuid not null primary key references tenants (id),
    wrapped bytea not null,
    wrapping_key text collate "C" not null, -- which key wrapped it
    created_at bigint not null
);
