insert into tenants (id, subdomain, organization_name, plan_tier, max_users, max_projects, max_repositories, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
