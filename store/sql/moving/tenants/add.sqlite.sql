insert into tenants (id, subdomain, organization_name, plan_tier, max_users, max_projects, max_repositories,
    stripe_customer_id, subscription_status, change_seq, suspended_at, created_at)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10
from json_each($2) j
