-- Links: a commit or pull request joined to a task, with the evidence. One that no longer holds is withdrawn, not deleted.
create table links (
    tenant_id uuid not null,
    id bigint not null,
    task_id bigint not null,
    source text collate "C" not null check (source in ('commit', 'pull_request')),
    commit_id bigint,
    pull_request_id bigint, -- a task of that kind
    relation text collate "C" not null,
    rule text collate "C" not null,
    matched text collate "C" not null, -- the text that the rule matched
    made_at bigint not null,
    withdrawn_at bigint,
    primary key (tenant_id, id),
    foreign key (tenant_id, task_id) references tasks (tenant_id, id),
    foreign key (tenant_id, commit_id) references commits (tenant_id, id),
    foreign key (tenant_id, pull_request_id) references tasks (tenant_id, id),
    check ((commit_id is not null) = (source = 'commit')),
    check ((pull_request_id is not null) = (source = 'pull_request'))
);
create unique index links_of_commit on links (tenant_id, commit_id, task_id, relation) where commit_id is not null;
create unique index links_of_pull_request on links (tenant_id, pull_request_id, task_id, relation)
    where pull_request_id is not null;
create index links_by_task on links (tenant_id, task_id, id);
alter table links enable row level security;
alter table links force row level security;
create policy tenant_rows on links
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on links to muster_app;
