-- Connections: what a provider says of a repository, who may read it, and which report of it holds. A report replaces another
-- where (report_time, report_rank, report_digest) is larger; null where there was none yet.
alter table repositories add column connected_at integer; -- null: it was only scanned
alter table repositories add column installation_id integer; -- the App's installation that reads it; null: a plain hook's
alter table repositories add column access_token blob; -- sealed with the tenant's data key: for a fetch that asks
alter table repositories add column webhook_secret_previous blob; -- sealed: still accepted beside the present one
alter table repositories add column owner_id integer; -- the account at the provider
alter table repositories add column is_private integer check (is_private in (0, 1)); -- null: not said
alter table repositories add column is_archived integer check (is_archived in (0, 1));
alter table repositories add column web_url text; -- to show, never to contact
alter table repositories add column gone_at integer; -- the provider has it no longer
alter table repositories add column report_time integer;
alter table repositories add column report_rank integer;
alter table repositories add column report_digest blob;
alter table repositories add column waiting_since integer; -- when the oldest push was received that does not show yet
create index repositories_by_full_name on repositories (tenant_id, full_name);

alter table installations add column report_time integer;
alter table installations add column report_rank integer;
alter table installations add column report_digest blob;

-- How often a hook was refused since it last spoke: written now and then, never in the course of a request.
alter table hook_keys add column refused_code text; -- of the last time
alter table hook_keys add column refused_at integer;
alter table hook_keys add column refused_count integer not null default 0;

-- Which repositories an installation may see.
create table installation_repositories (
    tenant_id blob not null references tenants (id),
    provider text not null check (provider in ('github')),
    installation_id integer not null,
    provider_repo_id integer not null,
    full_name text, -- as it was called when that was said
    access text not null check (access in ('granted', 'withdrawn')),
    report_time integer not null,
    report_rank integer not null,
    report_digest blob not null,
    primary key (tenant_id, provider, installation_id, provider_repo_id)
) strict, without rowid;
-- Who may see one repository.
create index installation_repositories_by_repository
    on installation_repositories (tenant_id, provider, provider_repo_id, access);
