select subdomain, organization_name, plan_tier, max_users, max_projects, max_repositories, stripe_customer_id,
    subscription_status, change_seq, suspended_at, created_at
from export_tenants(tenant_id => $1)
order by subdomain
