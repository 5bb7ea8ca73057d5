update repositories
set is_active = false, connected_at = null, installation_id = null, access_token = null, webhook_secret = null,
    webhook_secret_previous = null
where tenant_id = $1 and id = $2 and (is_active or connected_at is not null)
