-- History: commits are immutable facts, written once. Ids are small and per tenant, texts that repeat are kept in
-- dictionaries: the tables of this file hold most of a database's bytes.
create table people (
    tenant_id blob not null,
    id integer not null,
    repository_id integer not null,
    name text not null,
    email text not null,
    primary key (tenant_id, id),
    unique (tenant_id, repository_id, email, name),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
) strict, without rowid;

create table paths (
    tenant_id blob not null,
    id integer not null,
    repository_id integer not null,
    bytes blob not null,
    primary key (tenant_id, id),
    unique (tenant_id, repository_id, bytes),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
) strict, without rowid;

create table commits (
    tenant_id blob not null,
    id integer not null,
    repository_id integer not null,
    sha blob not null check (length(sha) in (20, 32)),
    parents blob not null, -- their ids one after another, in recorded order
    author_id integer not null,
    authored_at integer not null, -- seconds since 1970-01-01T00:00:00Z, as recorded
    authored_offset integer not null, -- minutes east of UTC, as recorded
    committer_id integer not null,
    committed_at integer not null,
    committed_offset integer not null,
    message text not null,
    path_count integer not null, -- the true number; at most 10,000 of them are in commit_paths
    paths_complete integer not null check (paths_complete in (0, 1)),
    primary key (tenant_id, id),
    unique (tenant_id, repository_id, sha),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id),
    foreign key (tenant_id, author_id) references people (tenant_id, id),
    foreign key (tenant_id, committer_id) references people (tenant_id, id)
) strict, without rowid;
create index commits_by_time on commits (tenant_id, repository_id, committed_at, id);

create table commit_paths (
    tenant_id blob not null,
    commit_id integer not null,
    path_id integer not null,
    primary key (tenant_id, commit_id, path_id),
    foreign key (tenant_id, commit_id) references commits (tenant_id, id),
    foreign key (tenant_id, path_id) references paths (tenant_id, id)
) strict, without rowid;

-- A cache: which projects a commit touched, by the longest prefix of its paths. Dropped and rebuilt at will.
create table commit_projects (
    tenant_id blob not null,
    project_id integer not null,
    commit_id integer not null,
    primary key (tenant_id, project_id, commit_id),
    foreign key (tenant_id, project_id) references projects (tenant_id, id),
    foreign key (tenant_id, commit_id) references commits (tenant_id, id)
) strict, without rowid;
create index commit_projects_by_commit on commit_projects (tenant_id, commit_id, project_id);

create table commit_references (
    tenant_id blob not null,
    commit_id integer not null,
    place integer not null, -- order in the message
    span_start integer not null, -- bytes of the message
    span_end integer not null,
    target text not null,
    relation text not null,
    rule text not null,
    resolved integer not null check (resolved in (0, 1)), -- does a link say what the target is?
    primary key (tenant_id, commit_id, place),
    foreign key (tenant_id, commit_id) references commits (tenant_id, id)
) strict, without rowid;
