-- What an organisation is, may have and pays for. What a tenant is called by is its subdomain; organization_name is what
-- people read.
alter table tenants rename column name to subdomain;
alter table tenants add column organization_name text not null default '';
alter table tenants add column plan_tier text not null default 'enterprise'
    check (plan_tier in ('free', 'pro', 'enterprise'));
alter table tenants add column max_users integer check (max_users >= 0); -- null: unlimited
alter table tenants add column max_projects integer check (max_projects >= 0);
alter table tenants add column max_repositories integer check (max_repositories >= 0);
alter table tenants add column stripe_customer_id text;
alter table tenants add column subscription_status text; -- as the payment provider calls it
alter table tenants add column change_seq integer not null default 0; -- the last seq of changes
alter table tenants add column suspended_at integer;
alter table tenants add column deleting integer not null default 0 check (deleting in (0, 1)); -- opens the audit log
