-- What the provider says of a repository, how fresh our picture of it is, and what followed from moved tips and quotas.
alter table repositories add column provider text check (provider in ('github'));
alter table repositories add column provider_repo_id integer check ((provider_repo_id is null) = (provider is null));
alter table repositories add column full_name text; -- owner/name at the provider
alter table repositories add column default_branch text;
alter table repositories add column is_active integer not null default 1 check (is_active in (0, 1));
alter table repositories add column webhook_id integer;
alter table repositories add column webhook_secret blob; -- sealed with the tenant's data key
alter table repositories add column last_synced_at integer;
alter table repositories add column pushed_at integer; -- the newest push: when it was made,
alter table repositories add column received_at integer; -- when we heard of it,
alter table repositories add column visible_at integer; -- and when it showed
create unique index repositories_by_provider on repositories (tenant_id, provider, provider_repo_id);

alter table refs add column deleted_at integer; -- the tip stays: its commits are stored
alter table commits add column on_default_since integer; -- null: the default branch does not reach it
alter table commits add column unreachable_since integer; -- null: some ref reaches it
alter table projects add column over_quota integer not null default 0 check (over_quota in (0, 1)); -- left out of lists
