-- Links: a commit or pull request joined to a task, with the evidence. One that no longer holds is withdrawn, not deleted.
create table links (
    tenant_id blob not null,
    id integer not null,
    task_id integer not null,
    source text not null check (source in ('commit', 'pull_request')),
    commit_id integer,
    pull_request_id integer, -- a task of that kind
    relation text not null,
    rule text not null,
    matched text not null, -- the text that the rule matched
    made_at integer not null,
    withdrawn_at integer,
    primary key (tenant_id, id),
    foreign key (tenant_id, task_id) references tasks (tenant_id, id),
    foreign key (tenant_id, commit_id) references commits (tenant_id, id),
    foreign key (tenant_id, pull_request_id) references tasks (tenant_id, id),
    check ((commit_id is not null) = (source = 'commit')),
    check ((pull_request_id is not null) = (source = 'pull_request'))
) strict, without rowid;
create unique index links_of_commit on links (tenant_id, commit_id, task_id, relation) where commit_id is not null;
create unique index links_of_pull_request on links (tenant_id, pull_request_id, task_id, relation)
    where pull_request_id is not null;
create index links_by_task on links (tenant_id, task_id, id);
