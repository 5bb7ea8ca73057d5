-- History: commits are immutable facts, written once. Ids are small and per tenant, texts that repeat are kept in
-- dictionaries: the tables of this file hold most of a database's bytes.
--
-- Unlike on SQLite, no foreign keys lead from commits and commit_paths into the dictionaries, people and paths. Each would
-- double the time of its part of a save, and need an index of its own: a deleted row stays in the way of the checks until
-- a vacuum, and without one the deletion of 500,000 commit_paths and 40,000 paths did not end. Rows leave the
-- dictionaries only when all that could name them has gone.
--
-- Names and paths may be longer than a row of an index (some 2,700 bytes): paths are unique by their SHA-256, people by the
-- beginning of their address and the turns that a tenant's writers take.
create table people (
    tenant_id uuid not null,
    id bigint not null,
    repository_id bigint not null,
    name text collate "C" not null,
    email text collate "C" not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
);
create index people_by_email on people (tenant_id, repository_id, left(email, 200));
alter table people enable row level security;
alter table people force row level security;
create policy tenant_rows on people
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on people to muster_app;

create table paths (
    tenant_id uuid not null,
    id bigint not null,
    repository_id bigint not null,
    bytes bytea not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
);
create unique index paths_by_hash on paths (tenant_id, repository_id, sha256(bytes));
alter table paths enable row level security;
alter table paths force row level security;
create policy tenant_rows on paths
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on paths to muster_app;

create table commits (
    tenant_id uuid not null,
    id bigint not null,
    repository_id bigint not null,
    sha bytea not null check (octet_length(sha) in (20, 32)),
    parents bytea not null, -- their ids one after another, in recorded order
    author_id bigint not null,
    authored_at bigint not null, -- seconds since 1970-01-01T00:00:00Z, as recorded
    authored_offset bigint not null, -- minutes east of UTC, as recorded
    committer_id bigint not null,
    committed_at bigint not null,
    committed_offset bigint not null,
    message text collate "C" not null,
    path_count bigint not null, -- the true number; at most 10,000 of them are in commit_paths
    paths_complete boolean not null,
    primary key (tenant_id, id),
    unique (tenant_id, repository_id, sha),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
);
-- All ids are above 0. Only a statement that says so may use this index: while a table grows faster than its statistics,
-- the planner takes it for as good as the key above, and looks for one commit among all of the repository.
create index commits_by_time on commits (tenant_id, repository_id, committed_at, id) where id > 0;
alter table commits enable row level security;
alter table commits force row level security;
create policy tenant_rows on commits
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on commits to muster_app;

create table commit_paths (
    tenant_id uuid not null,
    commit_id bigint not null,
    path_id bigint not null,
    primary key (tenant_id, commit_id, path_id),
    foreign key (tenant_id, commit_id) references commits (tenant_id, id)
);
alter table commit_paths enable row level security;
alter table commit_paths force row level security;
create policy tenant_rows on commit_paths
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on commit_paths to muster_app;

-- A cache: which projects a commit touched, by the longest prefix of its paths. Dropped and rebuilt at will.
create table commit_projects (
    tenant_id uuid not null,
    project_id bigint not null,
    commit_id bigint not null,
    primary key (tenant_id, project_id, commit_id),
    foreign key (tenant_id, project_id) references projects (tenant_id, id),
    foreign key (tenant_id, commit_id) references commits (tenant_id, id)
);
create index commit_projects_by_commit on commit_projects (tenant_id, commit_id, project_id);
alter table commit_projects enable row level security;
alter table commit_projects force row level security;
create policy tenant_rows on commit_projects
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on commit_projects to muster_app;

create table commit_references (
    tenant_id uuid not null,
    commit_id bigint not null,
    place bigint not null, -- order in the message
    span_start bigint not null, -- bytes of the message
    span_end bigint not null,
    target text collate "C" not null,
    relation text collate "C" not null,
    rule text collate "C" not null,
    resolved boolean not null, -- does a link say what the target is?
    primary key (tenant_id, commit_id, place),
    foreign key (tenant_id, commit_id) references commits (tenant_id, id)
);
alter table commit_references enable row level security;
alter table commit_references force row level security;
create policy tenant_rows on commit_references
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on commit_references to muster_app;
