-- Repositories that are connected, and with $3 those that no longer are. $2 is the id that the page before ended at.
select r.id, r.name, r.source_key, r.full_name, r.clone_url, r.default_branch, r.is_active, r.connected_at, r.installation_id,
    r.provider_repo_id, r.access_token is not null as has_token, r.webhook_secret is not null as has_secret,
    r.webhook_secret_previous is not null as has_previous_secret, r.head, r.pushed_at, r.received_at, r.visible_at,
    r.waiting_since, r.last_synced_at, r.gone_at
from repositories r
where r.tenant_id = $1 and r.id > $2 and (r.connected_at is not null or ($3 and not r.is_active))
order by r.id
limit $4
