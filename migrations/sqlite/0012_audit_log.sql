-- What people and tokens did, and changes of access. Each row's hash covers the row and the hash before it.
create table audit_log (
    tenant_id blob not null references tenants (id),
    seq integer not null check (seq > 0),
    recorded_at integer not null,
    actor text not null,
    action text not null,
    subject text not null,
    details text not null, -- JSON
    previous_hash blob not null check (length(previous_hash) = 32), -- zeros in the first row
    hash blob not null check (length(hash) = 32),
    primary key (tenant_id, seq)
) strict, without rowid;

-- Here nobody's rights can be taken away, so triggers refuse. Rows go only with their tenant.
create trigger audit_log_update before update on audit_log
begin
    select raise(abort, 'the audit log is append-only');
end;

create trigger audit_log_delete before delete on audit_log
when not exists (select 1 from tenants t where t.id = old.tenant_id and t.deleting = 1)
begin
    select raise(abort, 'the audit log is append-only');
end;

-- "insert or replace" deletes a row without the trigger above.
create trigger audit_log_replace before insert on audit_log
when exists (select 1 from audit_log l where l.tenant_id = new.tenant_id and l.seq = new.seq)
begin
    select raise(abort, 'the audit log is append-only');
end;
