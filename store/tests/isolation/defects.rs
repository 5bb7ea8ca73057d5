//! Defects, one for each rule of the audit and each way to break it, as somebody with the right to would plant them.
//!
//! Each stands in a transaction that is rolled back, so that even those of roles, which belong to the whole server,
//! never are there for anybody else.

#![allow(dead_code, reason = "each test binary that takes this file in uses its own part of it")]

/// A defect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Defect {
    /// The rule that it breaks, and the object that is named for it.
    pub(crate) breaks: (&'static str, &'static str),
    /// Rules that cannot but be broken with it.
    pub(crate) also: &'static [&'static str],
    /// The statements that plant it.
    pub(crate) plant: &'static str,
}

const fn defect(rule: &'static str, object: &'static str, plant: &'static str) -> Defect {
    Defect { breaks: (rule, object), also: &[], plant }
}

const fn with(defect: Defect, also: &'static [&'static str]) -> Defect {
    Defect { also, ..defect }
}

/// Those of PostgreSQL, as a superuser plants them.
pub(crate) const POSTGRES: &[Defect] = &[
    defect("unlisted-table", "notes", "create table notes (tenant_id uuid, line text)"),
    defect("unlisted-table", "tasks_2030", "create table tasks_2030 () inherits (tasks)"),
    defect("missing-table", "scans", "drop table scans"),
    with(
        defect("no-tenant-column", "changes", "alter table changes rename column tenant_id to whose"),
        &["key-order", "narrow-reference", "policy-altered"],
    ),
    defect(
        "nullable-tenant",
        "changes",
        "alter table changes drop constraint changes_pkey; alter table changes alter column tenant_id drop not null;
        create index changes_pkey on changes (tenant_id, seq)",
    ),
    defect("row-security-off", "tasks", "alter table tasks disable row level security"),
    defect("row-security-off", "jobs", "alter table jobs disable row level security"),
    defect("row-security-not-forced", "tasks", "alter table tasks no force row level security"),
    defect("row-security-not-forced", "deliveries", "alter table deliveries no force row level security"),
    defect("policy-missing", "tenant_rows on links", "drop policy tenant_rows on links"),
    defect("policy-missing", "queue_rows on jobs", "drop policy queue_rows on jobs"),
    defect("policy-altered", "tenant_rows on links", "alter policy tenant_rows on links using (true)"),
    defect("policy-altered", "tenant_rows on links", "alter policy tenant_rows on links with check (true)"),
    defect("policy-altered", "tenant_rows on links", "alter policy tenant_rows on links to muster_app"),
    defect(
        "policy-altered",
        "tenant_rows on links",
        "alter policy tenant_rows on links
            using (tenant_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid)",
    ),
    defect(
        "policy-altered",
        "tenant_rows on links",
        "alter policy tenant_rows on links
            using (tenant_id = (select current_setting('app.current_tenant_id', true)::uuid))",
    ),
    // The same letters, another function: names are looked for in `public` first when the policy is made.
    defect(
        "policy-altered",
        "tenant_rows on links",
        "create function public.current_setting(text, boolean) returns text language sql stable as
            $$ select id::text from tenants limit 1 $$;
        set local search_path = public, pg_catalog;
        alter policy tenant_rows on links
            using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))",
    ),
    defect(
        "policy-altered",
        "tenant_rows on links",
        "drop policy tenant_rows on links;
        create policy tenant_rows on links
            using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))",
    ),
    defect(
        "policy-altered",
        "tenant_rows on links",
        "drop policy tenant_rows on links;
        create policy tenant_rows on links for select
            using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))",
    ),
    defect(
        "policy-altered",
        "tenant_rows on links",
        "drop policy tenant_rows on links;
        create policy tenant_rows on links as restrictive
            using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
            with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))",
    ),
    defect("policy-altered", "queue_rows on jobs", "alter policy queue_rows on jobs to muster_queue, muster_app"),
    defect("policy-added", "support on tasks", "create policy support on tasks for select using (true)"),
    defect("policy-added", "nobody on jobs", "create policy nobody on jobs to muster_app using (tenant_id is null)"),
    defect("key-order", "tasks_by_title", "create index tasks_by_title on tasks (title)"),
    defect("key-order", "tasks_by_hash", "create index tasks_by_hash on tasks (abs(id), tenant_id)"),
    defect("key-order", "users_email", "create unique index users_email on users (email)"),
    defect("key-order", "refs_tip_key", "alter table refs add unique (tip)"),
    defect(
        "key-order",
        "extracts_pkey",
        "alter table extracts drop constraint extracts_pkey;
        alter table extracts add primary key (repository_id, tenant_id, path)",
    ),
    defect("key-order", "jobs_kind", "create unique index jobs_kind on jobs (kind) where state = 'ready'"),
    defect(
        "narrow-reference",
        "links_task",
        "alter table links add constraint links_task foreign key (task_id, tenant_id) references tasks (id, tenant_id)",
    ),
    with(
        defect(
            "narrow-reference",
            "links_commit",
            "alter table commits add constraint commits_id_key unique (id);
            alter table links add constraint links_commit foreign key (commit_id) references commits (id)",
        ),
        &["key-order"],
    ),
    with(
        defect(
            "narrow-reference",
            "tokens_user",
            "alter table users add constraint users_id_key unique (id);
            alter table tokens add constraint tokens_user foreign key (user_id) references users (id)",
        ),
        &["key-order"],
    ),
    defect(
        "narrow-reference",
        "changes_job",
        "alter table changes add constraint changes_job foreign key (seq) references jobs (id)",
    ),
    defect("excess-grant", "audit_log", "grant update on audit_log to muster_app"),
    defect("excess-grant", "audit_log", "grant delete on audit_log to muster_app"),
    defect("excess-grant", "tenants", "grant select on tenants to muster_app"),
    defect("excess-grant", "tokens", "grant insert on tokens to muster_operator"),
    defect("excess-grant", "data_keys", "grant select on data_keys to muster_queue"),
    defect("excess-grant", "hook_keys", "grant select on hook_keys to public"),
    defect("excess-grant", "tasks", "grant truncate on tasks to muster_app"),
    defect("excess-grant", "tasks", "grant references on tasks to muster_app"),
    defect("excess-grant", "tasks", "grant trigger on tasks to muster_app"),
    defect("excess-grant", "tasks", "grant select on tasks to muster_app with grant option"),
    defect("excess-grant", "tasks", "grant select on tasks to muster_queue"),
    defect("excess-grant", "tasks", "grant select on tasks to public"),
    defect("excess-grant", "jobs", "grant delete on jobs to muster_app"),
    defect("excess-grant", "jobs_id_seq", "grant usage on sequence jobs_id_seq to muster_app"),
    defect("excess-grant", "_sqlx_migrations", "grant update on _sqlx_migrations to muster_app"),
    defect(
        "excess-grant",
        "copies.tasks",
        "create schema copies; create table copies.tasks as select * from tasks; grant select on copies.tasks to muster_app",
    ),
    defect("missing-grant", "tasks", "revoke insert, update on tasks from muster_app"),
    defect("missing-grant", "tenant_lock()", "revoke execute on function tenant_lock() from muster_app"),
    defect("column-grant", "tokens.hash", "grant select (hash) on tokens to muster_app"),
    defect("column-grant", "audit_log.details", "grant update (details) on audit_log to muster_app"),
    defect("column-grant", "tasks.title", "grant select (title) on tasks to public"),
    defect("open-schema", "schema public", "grant create on schema public to public"),
    defect("open-schema", "schema public", "grant create on schema public to muster_app"),
    defect(
        "default-privilege",
        "tables of muster_test_owner",
        "alter default privileges for role muster_test_owner grant select on tables to muster_app",
    ),
    defect(
        "default-privilege",
        "tables of muster_test_owner",
        "alter default privileges for role muster_test_owner in schema public grant select on tables to public",
    ),
    defect(
        "default-privilege",
        "functions of muster_test_owner",
        "alter default privileges for role muster_test_owner grant execute on functions to muster_queue",
    ),
    with(
        defect("role-missing", "muster_operator", "alter role muster_operator rename to muster_operator_gone"),
        &["missing-grant", "excess-execute"],
    ),
    defect("role-too-strong", "muster_app", "alter role muster_app superuser"),
    defect("role-too-strong", "muster_app", "alter role muster_app bypassrls"),
    defect("role-too-strong", "muster_queue", "alter role muster_queue createrole"),
    defect("role-member", "muster_app", "grant muster_queue to muster_app"),
    defect("role-member", "muster_operator", "create role muster_test_other; grant muster_test_other to muster_operator"),
    defect("role-member", "muster_app", "grant pg_read_all_data to muster_app"),
    with(defect("role-owns", "muster_app", "alter table tasks owner to muster_app"), &["missing-grant"]),
    with(
        defect("role-owns", "muster_app", "alter function tenant_lock() owner to muster_app"),
        &["missing-grant"],
    ),
    defect("role-owns", "muster_queue", "create schema side authorization muster_queue"),
    defect(
        "session-default",
        "app.current_tenant_id for muster_app",
        "alter role muster_app set app.current_tenant_id = '00000000-0000-0000-0000-000000000001'",
    ),
    defect("session-default", "search_path for muster_app", "alter role muster_app set search_path = copies, public"),
    defect(
        "unknown-definer",
        "every_task()",
        "create function every_task() returns setof tasks language sql security definer
            set search_path = pg_catalog, public, pg_temp as $$ select * from tasks $$;
        revoke execute on function every_task() from public",
    ),
    defect(
        "unknown-definer",
        "side.every_task()",
        "create schema side; create function side.every_task() returns setof tasks language sql security definer
            set search_path = pg_catalog, public, pg_temp as $$ select * from public.tasks $$;
        revoke execute on function side.every_task() from public",
    ),
    with(
        defect(
            "unknown-definer",
            "tenant_lock(text)",
            "create function tenant_lock(text) returns setof tenants language sql security definer
                set search_path = pg_catalog, public, pg_temp as $$ select * from tenants $$;
            revoke execute on function tenant_lock(text) from public; grant execute on function tenant_lock(text) to muster_app",
        ),
        &["unknown-definer"],
    ),
    defect("loose-search-path", "tenant_list()", "alter function tenant_list() reset search_path"),
    defect("loose-search-path", "tenant_list()", "alter function tenant_list() set search_path = public, pg_catalog"),
    defect("loose-search-path", "current_tenant_id()", "alter function current_tenant_id() set search_path = public"),
    defect("excess-execute", "tenant_list()", "grant execute on function tenant_list() to public"),
    defect("excess-execute", "tenant_delete(uuid)", "grant execute on function tenant_delete(uuid) to muster_app"),
    defect("function-missing", "tenant_lock", "drop function tenant_lock()"),
    defect("function-missing", "tenant_lock", "alter function tenant_lock() security invoker"),
    defect("leakproof-function", "current_tenant_id()", "alter function current_tenant_id() leakproof"),
    defect(
        "leakproof-function",
        "side.see(text)",
        "create schema side; create function side.see(text) returns boolean language plpgsql leakproof as
            $$ begin raise notice '%', $1; return true; end $$",
    ),
    defect("open-view", "open_tasks", "create view open_tasks as select * from tasks"),
    defect("open-view", "side.open_tasks", "create schema side; create view side.open_tasks as select * from tasks"),
    defect("materialised-view", "counts", "create materialized view counts as select tenant_id, count(*) from tasks group by 1"),
    defect(
        "unknown-trigger",
        "copy on tasks",
        "create trigger copy before update on tasks for each row execute function suppress_redundant_updates_trigger()",
    ),
    defect(
        "unknown-trigger",
        "copy on links",
        "create rule copy as on delete to links do also notify links",
    ),
    defect(
        "speaking-default",
        "changes.tenant_id",
        "alter table changes alter column tenant_id set default '00000000-0000-0000-0000-000000000001'",
    ),
    defect(
        "speaking-default",
        "scans.id",
        "create sequence scan_ids; alter table scans alter column id set default nextval('scan_ids')",
    ),
    defect("speaking-default", "scans.id", "alter table scans alter column id add generated always as identity"),
];

/// Those of SQLite, as anybody plants them who can write to the file.
pub(crate) const SQLITE: &[Defect] = &[
    defect("unlisted-table", "notes", "create table notes (tenant_id blob, line text) strict"),
    defect("unlisted-table", "open_tasks", "create view open_tasks as select * from tasks"),
    defect("missing-table", "changes", "drop table changes"),
    with(
        defect(
            "no-tenant-column",
            "changes",
            "drop table changes; create table changes (whose blob not null, seq integer not null, primary key (whose, seq)) strict",
        ),
        &["key-order"],
    ),
    defect(
        "nullable-tenant",
        "changes",
        "drop table changes; create table changes (tenant_id blob, seq integer not null, unique (tenant_id, seq)) strict",
    ),
    defect("key-order", "tasks_by_title", "create index tasks_by_title on tasks (title)"),
    defect("key-order", "tasks_by_length", "create index tasks_by_length on tasks (length(title), tenant_id)"),
    defect("key-order", "users_email", "create unique index users_email on users (email)"),
    defect("key-order", "jobs_kind", "create unique index jobs_kind on jobs (kind) where state = 'ready'"),
    defect(
        "key-order",
        "the primary key of changes",
        "drop table changes; create table changes (tenant_id blob not null, seq integer primary key) strict",
    ),
    defect(
        "narrow-reference",
        "the reference of changes (repository_id)",
        "drop table changes; create table changes (tenant_id blob not null, seq integer not null,
            repository_id integer references repositories (id), primary key (tenant_id, seq)) strict",
    ),
    defect("unknown-trigger", "copy on tasks", "create trigger copy after insert on tasks begin delete from changes; end"),
    defect(
        "speaking-default",
        "changes.tenant_id",
        "drop table changes; create table changes (tenant_id blob not null default x'00', seq integer not null,
            primary key (tenant_id, seq)) strict",
    ),
    defect(
        "not-strict",
        "changes",
        "drop table changes; create table changes (tenant_id blob not null, seq integer not null,
            primary key (tenant_id, seq)) without rowid",
    ),
    defect("audit-log-open", "audit_log_update", "drop trigger audit_log_update"),
    defect(
        "audit-log-open",
        "audit_log_delete",
        "drop trigger audit_log_delete; create trigger audit_log_delete before delete on audit_log when 0
            begin select raise(abort, 'the audit log is append-only'); end",
    ),
];
