-- An installation has no tenant_id before it is claimed.
select installation_report($1, $2, $3, $4, $5, $6, $7, $8, $9) as taken
