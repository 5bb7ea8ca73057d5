-- Repositories, the tips that were read to their end, the submodules and the scans of each.
create table repositories (
    tenant_id blob not null references tenants (id),
    id integer not null,
    source_key text not null check (length(source_key) > 0),
    name text not null,
    clone_url text, -- without user info
    branch text, -- null: detached or without commits
    head blob check (length(head) in (20, 32)), -- the scanned commit; null before the first
    dirty integer not null check (dirty in (0, 1)),
    shallow integer not null check (shallow in (0, 1)),
    extractor_version integer not null, -- the rules that read the current state
    history text not null check (history in ('none', 'partial', 'complete')),
    revision integer not null, -- grows by one with every change of current state; guards against lost updates
    commit_projects_stale integer not null check (commit_projects_stale in (0, 1)),
    created_at integer not null,
    primary key (tenant_id, id),
    unique (tenant_id, source_key)
) strict, without rowid;

-- A tip is written only when every commit that it reaches is stored.
create table refs (
    tenant_id blob not null,
    repository_id integer not null,
    name text not null, -- the full name, or HEAD where no branch is checked out
    tip blob not null check (length(tip) in (20, 32)),
    primary key (tenant_id, repository_id, name),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
) strict, without rowid;

create table submodules (
    tenant_id blob not null,
    repository_id integer not null, -- the parent
    path text not null,
    url text, -- as declared, without user info
    recorded_commit text, -- null where the path is declared but has no gitlink
    populated integer not null check (populated in (0, 1)),
    primary key (tenant_id, repository_id, path),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
) strict, without rowid;

create table scans (
    tenant_id blob not null,
    id integer not null,
    repository_id integer not null,
    head blob check (length(head) in (20, 32)),
    branch text,
    dirty integer not null check (dirty in (0, 1)),
    changed integer not null check (changed in (0, 1)), -- did current state change?
    project_count integer not null,
    task_count integer not null,
    problems text not null, -- JSON: [{path, kind, message}]
    scanned_at integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
) strict, without rowid;
create index scans_by_repository on scans (tenant_id, repository_id, id);
