-- What planning a delivery came to; the tenant_id that it has already stays.
update deliveries
set tenant_id = coalesce(tenant_id, $2), action = coalesce($3, action), status = $4, reason = $5, waits_for = $6,
    settled_at = $7
where id = $1
