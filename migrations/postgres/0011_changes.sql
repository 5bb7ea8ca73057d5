-- What became visible, in the order of commits of transactions: seq comes from tenants.change_seq, last in a transaction.
-- No foreign key to the repository: the change that tells of its removal outlives it.
create table changes (
    tenant_id uuid not null references tenants (id),
    seq bigint not null,
    repository_id bigint,
    kind text collate "C" not null,
    pushed_at bigint,
    received_at bigint,
    visible_at bigint not null,
    primary key (tenant_id, seq)
);
alter table changes enable row level security;
alter table changes force row level security;
create policy tenant_rows on changes
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert, update, delete on changes to muster_app;
