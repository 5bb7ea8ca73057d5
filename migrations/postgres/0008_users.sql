-- People who may look at a tenant's work, and change it according to their role.
create table users (
    tenant_id uuid not null references tenants (id),
    id bigint not null,
    email text collate "C" not null check (length(email) between 1 and 320),
    full_name text collate "C" not null, -- '' where none was given
    role text collate "C" not null check (role in ('owner', 'admin', 'member', 'viewer')),
    is_active boolean not null,
    last_login_at bigint,
    created_at bigint not null,
    primary key (tenant_id, id),
    unique (tenant_id, email)
);
alter table users enable row level security;
alter table users force row level security;
create policy tenant_rows on users
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on users to muster_app;
