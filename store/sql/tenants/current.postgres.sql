select id, subdomain, organization_name, plan_tier, max_users, max_projects, max_repositories, stripe_customer_id,
    subscription_status, suspended_at, created_at
from tenant_current()
where id = $1
