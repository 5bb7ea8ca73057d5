select count(*) as projects from projects where tenant_id = $1 and over_quota
