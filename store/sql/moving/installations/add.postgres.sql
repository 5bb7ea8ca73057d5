select import_installations(tenant_id => $1, provider => $2::text[], installation_id => $3::bigint[],
    account => $4::text[], created_at => $5::bigint[], suspended_at => $6::bigint[], removed_at => $7::bigint[],
    report_time => $8::bigint[], report_rank => $9::bigint[], report_digest => $10::bytea[])
