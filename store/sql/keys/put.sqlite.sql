insert into data_keys (tenant_id, wrapped, wrapping_key, created_at) values ($1, $2, $3, $4) on conflict do nothing
