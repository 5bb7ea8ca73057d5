-- Tasks of files. Ids are surrogates: which row a found task is, is a matching (engine), not a hash.
-- Gone is closed_at, never a state.
create table tasks (
    tenant_id uuid not null,
    id bigint not null,
    repository_id bigint not null,
    project_id bigint,
    kind text collate "C" not null check (kind in ('checkbox', 'comment', 'issue', 'pull_request')),
    key text collate "C",
    title text collate "C" not null,
    state text collate "C" not null check (state in ('open', 'in_progress', 'blocked', 'done', 'cancelled')),
    path text collate "C" not null,
    line bigint not null,
    place bigint not null, -- order among the tasks of the line, from 0
    parent_id bigint,
    section text collate "C",
    tag text collate "C",
    assignee text collate "C",
    named text collate "C" not null, -- JSON: the references of the task's text, in order
    surroundings text collate "C" not null,
    closed_at bigint,
    primary key (tenant_id, id),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id),
    foreign key (tenant_id, project_id) references projects (tenant_id, id),
    foreign key (tenant_id, parent_id) references tasks (tenant_id, id) deferrable initially deferred
);
create index tasks_by_line on tasks (tenant_id, repository_id, path, line, place, id);
alter table tasks enable row level security;
alter table tasks force row level security;
create policy tenant_rows on tasks
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on tasks to muster_app;
