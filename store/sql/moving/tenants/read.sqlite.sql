select subdomain, organization_name, plan_tier, max_users, max_projects, max_repositories, stripe_customer_id,
    subscription_status, change_seq, suspended_at, created_at
from tenants
where id = $1
order by subdomain
