-- Whoever waits for changes is woken by the commit; the text is that of the tenant's id.
insert into changes (tenant_id, seq, repository_id, kind, pushed_at, received_at, visible_at)
values ($1, $2, $3, $4, $5, $6, $7)
returning pg_notify('muster_changes', cast(tenant_id as text))
