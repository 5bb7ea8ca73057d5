-- Repositories, the tips that were read to their end, the submodules and the scans of each.
--
-- In every tenant table: row-level security, forced so that it binds the owner too, by one policy for everybody. After
-- a transaction the setting is '', not null, and a bare cast of '' fails; as a sub-select it is read once a statement.
-- Texts compare as bytes, as on SQLite. JSON is text: jsonb refuses \u0000.
create table repositories (
    tenant_id uuid not null references tenants (id),
    id bigint not null,
    source_key text collate "C" not null check (length(source_key) > 0),
    name text collate "C" not null,
    clone_url text collate "C", -- without user info
    branch text collate "C", -- null: detached or without commits
    head bytea check (octet_length(head) in (20, 32)), -- the scanned commit; null before the first
    dirty boolean not null,
    shallow boolean not null,
    extractor_version bigint not null, -- the rules that read the current state
    history text collate "C" not null check (history in ('none', 'partial', 'complete')),
    revision bigint not null, -- grows by one with every change of current state; guards against lost updates
    commit_projects_stale boolean not null,
    created_at bigint not null,
    primary key (tenant_id, id),
    unique (tenant_id, source_key)
);
alter table repositories enable row level security;
alter table repositories force row level security;
create policy tenant_rows on repositories
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on repositories to muster_app;

-- A tip is written only when every commit that it reaches is stored.
create table refs (
    tenant_id uuid not null,
    repository_id bigint not null,
    name text collate "C" not null, -- the full name, or HEAD where no branch is checked out
    tip bytea not null check (octet_length(tip) in (20, 32)),
    primary key (tenant_id, repository_id, name),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
);
alter table refs enable row level security;
alter table refs force row level security;
create policy tenant_rows on refs
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on refs to muster_app;

create table submodules (
    tenant_id uuid not null,
    repository_id bigint not null, -- the parent
    path text collate "C" not null,
    url text collate "C", -- as declared, without user info
    recorded_commit text collate "C", -- null where the path is declared but has no gitlink
    populated boolean not null,
    primary key (tenant_id, repository_id, path),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
);
alter table submodules enable row level security;
alter table submodules force row level security;
create policy tenant_rows on submodules
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on submodules to muster_app;

create table scans (
    tenant_id uuid not null,
    id bigint not null,
    repository_id bigint not null,
    head bytea check (octet_length(head) in (20, 32)),
    branch text collate "C",
    dirty boolean not null,
    changed boolean not null, -- did current state change?
    project_count bigint not null,
    task_count bigint not null,
    problems text collate "C" not null, -- JSON: [{path, kind, message}]
    scanned_at bigint not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
);
create index scans_by_repository on scans (tenant_id, repository_id, id);
alter table scans enable row level security;
alter table scans force row level security;
create policy tenant_rows on scans
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on scans to muster_app;
