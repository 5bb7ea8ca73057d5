select id, provider, full_name, clone_url, installation_id, is_active, connected_at, gone_at, head, history,
    pushed_at, received_at, visible_at, last_synced_at, waiting_since
from repositories
where tenant_id = $1 and id = $2
