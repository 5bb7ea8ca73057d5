update tenants set suspended_at = $2 where id = $1
