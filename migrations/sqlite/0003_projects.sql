-- Projects: identity is (repository, path). What is gone is closed, never deleted, and gets its id back when it returns.
create table projects (
    tenant_id blob not null,
    id integer not null,
    repository_id integer not null,
    path text not null,
    name text not null,
    description text,
    version text,
    project_type text not null,
    role text not null check (role <> 'vendored'),
    populated integer not null check (populated in (0, 1)),
    submodule text,
    parent_path text,
    workspace_path text,
    status text not null,
    total_tasks integer not null,
    completed_tasks integer not null,
    todo_count integer not null,
    declared text, -- JSON
    documents text not null, -- JSON: [path]
    problems text not null, -- JSON: [sentence]
    closed_at integer,
    primary key (tenant_id, id),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
) strict, without rowid;
create unique index projects_open_path on projects (tenant_id, repository_id, path) where closed_at is null;
create index projects_by_path on projects (tenant_id, repository_id, path, id);

-- Paths that a project has left: commits made while it lived there still belong to it.
create table project_paths (
    tenant_id blob not null,
    project_id integer not null,
    path text not null,
    left_at integer not null,
    primary key (tenant_id, project_id, path),
    foreign key (tenant_id, project_id) references projects (tenant_id, id)
) strict, without rowid;

create table project_manifests (
    tenant_id blob not null,
    project_id integer not null,
    place integer not null, -- from 0; the owner's first
    detector text not null,
    path text not null,
    name text,
    version text,
    primary key (tenant_id, project_id, place),
    foreign key (tenant_id, project_id) references projects (tenant_id, id)
) strict, without rowid;
