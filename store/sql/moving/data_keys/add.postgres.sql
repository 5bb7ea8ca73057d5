select import_data_keys(tenant_id => $1, wrapped => $2::bytea[], wrapping_key => $3::text[], created_at => $4::bigint[])
