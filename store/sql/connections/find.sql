select r.id, r.name, r.source_key, r.full_name, r.clone_url, r.default_branch, r.is_active, r.connected_at, r.installation_id,
    r.provider_repo_id, r.access_token is not null as has_token, r.webhook_secret is not null as has_secret,
    r.webhook_secret_previous is not null as has_previous_secret, r.head, r.pushed_at, r.received_at, r.visible_at,
    r.waiting_since, r.last_synced_at, r.gone_at
from repositories r
where r.tenant_id = $1 and r.id = $2
