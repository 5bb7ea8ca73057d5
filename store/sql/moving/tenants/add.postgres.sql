select import_tenants(tenant_id => $1, subdomain => $2::text[], organization_name => $3::text[],
    plan_tier => $4::text[], max_users => $5::bigint[], max_projects => $6::bigint[], max_repositories => $7::bigint[],
    stripe_customer_id => $8::text[], subscription_status => $9::text[], change_seq => $10::bigint[],
    suspended_at => $11::bigint[], created_at => $12::bigint[])
