-- What an organisation is, may have and pays for. What a tenant is called by is its subdomain; organization_name is what
-- people read.
alter table tenants rename column name to subdomain;
alter table tenants rename constraint tenants_name_key to tenants_subdomain_key;
alter table tenants rename constraint tenants_name_check to tenants_subdomain_check;
alter table tenants add column organization_name text collate "C" not null default '';
alter table tenants add column plan_tier text collate "C" not null default 'enterprise'
    check (plan_tier in ('free', 'pro', 'enterprise'));
alter table tenants add column max_users bigint check (max_users >= 0); -- null: unlimited
alter table tenants add column max_projects bigint check (max_projects >= 0);
alter table tenants add column max_repositories bigint check (max_repositories >= 0);
alter table tenants add column stripe_customer_id text collate "C";
alter table tenants add column subscription_status text collate "C"; -- as the payment provider calls it
alter table tenants add column change_seq bigint not null default 0; -- the last seq of changes
alter table tenants add column suspended_at bigint;
alter table tenants add column deleting boolean not null default false; -- for SQLite's audit log; here nothing reads it
