-- Projects: identity is (repository, path). What is gone is closed, never deleted, and gets its id back when it returns.
create table projects (
    tenant_id uuid not null,
    id bigint not null,
    repository_id bigint not null,
    path text collate "C" not null,
    name text collate "C" not null,
    description text collate "C",
    version text collate "C",
    project_type text collate "C" not null,
    role text collate "C" not null check (role <> 'vendored'),
    populated boolean not null,
    submodule text collate "C",
    parent_path text collate "C",
    workspace_path text collate "C",
    status text collate "C" not null,
    total_tasks bigint not null,
    completed_tasks bigint not null,
    todo_count bigint not null,
    declared text collate "C", -- JSON
    documents text collate "C" not null, -- JSON: [path]
    problems text collate "C" not null, -- JSON: [sentence]
    closed_at bigint,
    primary key (tenant_id, id),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
);
create unique index projects_open_path on projects (tenant_id, repository_id, path) where closed_at is null;
create index projects_by_path on projects (tenant_id, repository_id, path, id);
alter table projects enable row level security;
alter table projects force row level security;
create policy tenant_rows on projects
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on projects to muster_app;

-- Paths that a project has left: commits made while it lived there still belong to it.
create table project_paths (
    tenant_id uuid not null,
    project_id bigint not null,
    path text collate "C" not null,
    left_at bigint not null,
    primary key (tenant_id, project_id, path),
    foreign key (tenant_id, project_id) references projects (tenant_id, id)
);
alter table project_paths enable row level security;
alter table project_paths force row level security;
create policy tenant_rows on project_paths
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on project_paths to muster_app;

create table project_manifests (
    tenant_id uuid not null,
    project_id bigint not null,
    place bigint not null, -- from 0; the owner's first
    detector text collate "C" not null,
    path text collate "C" not null,
    name text collate "C",
    version text collate "C",
    primary key (tenant_id, project_id, place),
    foreign key (tenant_id, project_id) references projects (tenant_id, id)
);
alter table project_manifests enable row level security;
alter table project_manifests force row level security;
create policy tenant_rows on project_manifests
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on project_manifests to muster_app;
