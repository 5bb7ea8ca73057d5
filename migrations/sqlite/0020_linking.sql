-- Linking: from references to links, whichever came first. Whoever writes references, tasks or the paths of projects notes
-- here which targets are to be looked at again, in the same transaction; looking at them takes the note away.
create table stale_targets (
    tenant_id blob not null references tenants (id),
    target text not null,
    from_commit integer not null, -- commits with a smaller id have been looked at; 0: none, and pull requests neither
    primary key (tenant_id, target)
) strict, without rowid;
create index commit_references_by_target on commit_references (tenant_id, target, commit_id);
-- `owner/repo#12`, whatever its case.
create index commit_references_qualified on commit_references (tenant_id, lower(target)) where instr(target, '#') > 1;
create index task_references_qualified on task_references (tenant_id, lower(target)) where instr(target, '#') > 1;
create index tasks_by_key on tasks (tenant_id, key, id) where key is not null;
-- Which commits are not to be seen: a look at a repository goes through them.
create index commits_unreachable on commits (tenant_id, repository_id, id) where unreachable_since is not null;
