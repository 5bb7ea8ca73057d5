-- Issues and pull requests. What they have in common with other tasks is in tasks (key '#12', no path, line 0, no project);
-- here is the rest, and which report holds: the one whose (report_time, report_rank, report_digest) is the largest.
create table provider_tasks (
    tenant_id uuid not null,
    task_id bigint not null,
    repository_id bigint not null,
    number bigint not null,
    provider_task_id bigint, -- null: not said
    report_time bigint not null,
    report_rank bigint not null,
    report_digest bytea not null,
    gone text collate "C" check (gone in ('deleted', 'transferred')), -- why tasks.closed_at is set
    moved_to text collate "C", -- of a transferred one: <repository id>#<number> at the provider, as far as it is said
    body text collate "C" not null,
    author text collate "C", -- null: a deleted account
    assignees text collate "C" not null, -- JSON: [name]
    labels text collate "C" not null, -- JSON: [name]
    opened_at bigint, -- the provider's times; null: not said
    ended_at bigint, -- closed or merged
    web_url text collate "C", -- to show, never to contact
    -- Of a pull request alone:
    head_ref text collate "C", -- a branch of this repository or of a fork: text, never an identity
    head_sha bytea,
    head_repository_id bigint, -- at the provider
    from_fork boolean,
    base_ref text collate "C",
    base_sha bytea,
    merge_commit bytea,
    merged boolean,
    draft boolean,
    primary key (tenant_id, task_id),
    unique (tenant_id, repository_id, number),
    foreign key (tenant_id, task_id) references tasks (tenant_id, id),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
);
alter table provider_tasks enable row level security;
alter table provider_tasks force row level security;
create policy tenant_rows on provider_tasks
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on provider_tasks to muster_app;

-- The commits that a pull request asks to be merged: what its head reaches and its base does not.
create table pull_request_commits (
    tenant_id uuid not null,
    task_id bigint not null,
    commit_id bigint not null,
    primary key (tenant_id, task_id, commit_id),
    foreign key (tenant_id, task_id) references tasks (tenant_id, id),
    foreign key (tenant_id, commit_id) references commits (tenant_id, id)
);
create index pull_request_commits_by_commit on pull_request_commits (tenant_id, commit_id, task_id);
alter table pull_request_commits enable row level security;
alter table pull_request_commits force row level security;
create policy tenant_rows on pull_request_commits
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on pull_request_commits to muster_app;

-- What the title, the text and the branch of a pull request refer to.
create table task_references (
    tenant_id uuid not null,
    task_id bigint not null,
    place bigint not null, -- order: title, body, branch
    source text collate "C" not null check (source in ('title', 'body', 'branch')),
    span_start bigint not null, -- bytes of that text
    span_end bigint not null,
    target text collate "C" not null,
    relation text collate "C" not null,
    rule text collate "C" not null,
    matched text collate "C" not null, -- the text that the rule matched
    resolved boolean not null, -- does a link say what the target is?
    primary key (tenant_id, task_id, place),
    foreign key (tenant_id, task_id) references tasks (tenant_id, id)
);
create index task_references_by_target on task_references (tenant_id, target, task_id);
alter table task_references enable row level security;
alter table task_references force row level security;
create policy tenant_rows on task_references
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on task_references to muster_app;
