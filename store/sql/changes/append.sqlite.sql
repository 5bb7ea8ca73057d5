insert into changes (tenant_id, seq, repository_id, kind, pushed_at, received_at, visible_at)
values ($1, $2, $3, $4, $5, $6, $7)
