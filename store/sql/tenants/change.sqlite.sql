update tenants
set organization_name = $2, plan_tier = $3, max_users = $4, max_projects = $5, max_repositories = $6,
    stripe_customer_id = $7, subscription_status = $8
where id = $1
