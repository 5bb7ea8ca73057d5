-- Issues and pull requests. What they have in common with other tasks is in tasks (key '#12', no path, line 0, no project);
-- here is the rest, and which report holds: the one whose (report_time, report_rank, report_digest) is the largest.
create table provider_tasks (
    tenant_id blob not null,
    task_id integer not null,
    repository_id integer not null,
    number integer not null,
    provider_task_id integer, -- null: not said
    report_time integer not null,
    report_rank integer not null,
    report_digest blob not null,
    gone text check (gone in ('deleted', 'transferred')), -- why tasks.closed_at is set
    moved_to text, -- of a transferred one: <repository id>#<number> at the provider, as far as it is said
    body text not null,
    author text, -- null: a deleted account
    assignees text not null, -- JSON: [name]
    labels text not null, -- JSON: [name]
    opened_at integer, -- the provider's times; null: not said
    ended_at integer, -- closed or merged
    web_url text, -- to show, never to contact
    -- Of a pull request alone:
    head_ref text, -- a branch of this repository or of a fork: text, never an identity
    head_sha blob,
    head_repository_id integer, -- at the provider
    from_fork integer check (from_fork in (0, 1)),
    base_ref text,
    base_sha blob,
    merge_commit blob,
    merged integer check (merged in (0, 1)),
    draft integer check (draft in (0, 1)),
    primary key (tenant_id, task_id),
    unique (tenant_id, repository_id, number),
    foreign key (tenant_id, task_id) references tasks (tenant_id, id),
    foreign key (tenant_id, repository_id) references repositories (tenant_id, id)
) strict, without rowid;

-- The commits that a pull request asks to be merged: what its head reaches and its base does not.
create table pull_request_commits (
    tenant_id blob not null,
    task_id integer not null,
    commit_id integer not null,
    primary key (tenant_id, task_id, commit_id),
    foreign key (tenant_id, task_id) references tasks (tenant_id, id),
    foreign key (tenant_id, commit_id) references commits (tenant_id, id)
) strict, without rowid;
create index pull_request_commits_by_commit on pull_request_commits (tenant_id, commit_id, task_id);

-- What the title, the text and the branch of a pull request refer to.
create table task_references (
    tenant_id blob not null,
    task_id integer not null,
    place integer not null, -- order: title, body, branch
    source text not null check (source in ('title', 'body', 'branch')),
    span_start integer not null, -- bytes of that text
    span_end integer not null,
    target text not null,
    relation text not null,
    rule text not null,
    matched text not null, -- the text that the rule matched
    resolved integer not null check (resolved in (0, 1)), -- does a link say what the target is?
    primary key (tenant_id, task_id, place),
    foreign key (tenant_id, task_id) references tasks (tenant_id, id)
) strict, without rowid;
create index task_references_by_target on task_references (tenant_id, target, task_id);
