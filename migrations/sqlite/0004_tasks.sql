-- Tasks of files. Ids are surrogates: which row a found task is, is a matching (engine), not a hash.
-- Gone is closed_at, never a state.
create table tasks (
    tenant_id blob not null,
    id integer not null,
    repository_id integer not null,
    project_id integer,
    kind text not null check (kind in ('checkbox', 'comment', 'issue', 'pull_request')),
    key text,
    title text not null,
    state text not null check (state in ('open', 'in_progress', 'blocked', 'done', 'cancelled')),
    path text not null,
    line integer not null,
    place integer not null, -- order among the tasks of the line, from 0
    parent_id integer,
    section text,
    tag text,
    assignee text,
    named text not null, -- JSON: the references of the task's text, in order
    surroundings text not null,
    closed_at integer,
    primary key (tenant_id, id),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id),
    foreign key (tenant_id, project_id) references projects (tenant_id, id),
    foreign key (tenant_id, parent_id) references tasks (tenant_id, id) deferrable initially deferred
) strict, without rowid;
create index tasks_by_line on tasks (tenant_id, repository_id, path, line, place, id);
