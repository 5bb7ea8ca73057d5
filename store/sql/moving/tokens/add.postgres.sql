select import_tokens(tenant_id => $1, hash => $2::bytea[], id => $3::bigint[], name => $4::text[], prefix => $5::text[],
    role => $6::text[], user_id => $7::bigint[], created_at => $8::bigint[], expires_at => $9::bigint[],
    last_used_at => $10::bigint[], revoked_at => $11::bigint[])
