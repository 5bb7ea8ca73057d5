-- What people and tokens did, and changes of access. Each row's hash covers the row and the hash before it.
-- Append-only: the run-time role may add rows and read them, nothing else. Rows go only with their tenant.
create table audit_log (
    tenant_id uuid not null references tenants (id),
    seq bigint not null check (seq > 0),
    recorded_at bigint not null,
    actor text collate "C" not null,
    action text collate "C" not null,
    subject text collate "C" not null,
    details text collate "C" not null, -- JSON
    previous_hash bytea not null check (octet_length(previous_hash) = 32), -- zeros in the first row
    hash bytea not null check (octet_length(hash) = 32),
    primary key (tenant_id, seq)
);
alter table audit_log enable row level security;
alter table audit_log force row level security;
create policy tenant_rows on audit_log
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
grant select, insert on audit_log to muster_app;
