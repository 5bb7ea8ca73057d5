-- What the provider says of a repository, how fresh our picture of it is, and what followed from moved tips and quotas.
alter table repositories add column provider text collate "C" check (provider in ('github'));
alter table repositories add column provider_repo_id bigint check ((provider_repo_id is null) = (provider is null));
alter table repositories add column full_name text collate "C"; -- owner/name at the provider
alter table repositories add column default_branch text collate "C";
alter table repositories add column is_active boolean not null default true;
alter table repositories add column webhook_id bigint;
alter table repositories add column webhook_secret bytea; -- sealed with the tenant's data key
alter table repositories add column last_synced_at bigint;
alter table repositories add column pushed_at bigint; -- the newest push: when it was made,
alter table repositories add column received_at bigint; -- when we heard of it,
alter table repositories add column visible_at bigint; -- and when it showed
create unique index repositories_by_provider on repositories (tenant_id, provider, provider_repo_id);

alter table refs add column deleted_at bigint; -- the tip stays: its commits are stored
alter table commits add column on_default_since bigint; -- null: the default branch does not reach it
alter table commits add column unreachable_since bigint; -- null: some ref reaches it
alter table projects add column over_quota boolean not null default false; -- left out of lists
