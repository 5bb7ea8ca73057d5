-- People who may look at a tenant's work, and change it according to their role.
create table users (
    tenant_id blob not null references tenants (id),
    id integer not null,
    email text not null check (length(email) between 1 and 320),
    full_name text not null, -- '' where none was given
    role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
    is_active integer not null check (is_active in (0, 1)),
    last_login_at integer,
    created_at integer not null,
    primary key (tenant_id, id),
    unique (tenant_id, email)
) strict, without rowid;
