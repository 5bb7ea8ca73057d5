-- Linking: from references to links, whichever came first. Whoever writes references, tasks or the paths of projects notes
-- here which targets are to be looked at again, in the same transaction; looking at them takes the note away.
create table stale_targets (
    tenant_id uuid not null references tenants (id),
    target text collate "C" not null,
    from_commit bigint not null, -- commits with a smaller id have been looked at; 0: none, and pull requests neither
    primary key (tenant_id, target)
);
alter table stale_targets enable row level security;
alter table stale_targets force row level security;
create policy tenant_rows on stale_targets
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on stale_targets to muster_app;
create index commit_references_by_target on commit_references (tenant_id, target, commit_id);
-- `owner/repo#12`, whatever its case.
create index commit_references_qualified on commit_references (tenant_id, lower(target)) where strpos(target, '#') > 1;
create index task_references_qualified on task_references (tenant_id, lower(target)) where strpos(target, '#') > 1;
create index tasks_by_key on tasks (tenant_id, key, id) where key is not null;
-- Which commits are not to be seen: a look at a repository goes through them.
create index commits_unreachable on commits (tenant_id, repository_id, id) where unreachable_since is not null;

-- muster_operator: deletes a tenant with every row that belongs to it; the number of rows, 0 where there is none.
-- A table that is missing from the list cannot be left behind: the delete then fails at a foreign key.
create or replace function tenant_delete(id uuid) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    before text := current_setting('app.current_tenant_id', true);
    name text;
    rows bigint;
    total bigint := 0;
begin
    -- Takes the tenant's turn to write, as every writer does first: else the two could wait for each other in a circle.
    perform pg_advisory_xact_lock(hashtextextended(tenant_delete.id::text, 0));
    -- Waits for those who are adding rows now; who comes later fails at a foreign key.
    perform from tenants t where t.id = tenant_delete.id for update;
    if not found then
        return 0;
    end if;
    perform set_config('app.current_tenant_id', tenant_delete.id::text, true);
    perform from repositories r where r.tenant_id = tenant_delete.id order by r.id for update;
    -- Children before their parents.
    foreach name in array array['jobs', 'deliveries', 'hook_keys', 'installations', 'tokens', 'data_keys', 'audit_log',
        'changes', 'stale_targets', 'links', 'task_references', 'pull_request_commits', 'provider_tasks',
        'installation_repositories', 'commit_references', 'commit_projects', 'commit_paths', 'commits', 'paths', 'people',
        'extracts', 'tasks', 'project_manifests', 'project_paths', 'projects', 'scans', 'submodules', 'refs',
        'repositories', 'users']
    loop
        execute format('delete from %I where tenant_id = $1', name) using tenant_delete.id;
        get diagnostics rows = row_count;
        total := total + rows;
    end loop;
    delete from tenants t where t.id = tenant_delete.id;
    get diagnostics rows = row_count;
    perform set_config('app.current_tenant_id', coalesce(before, ''), true);
    return total + rows;
end
$$;
