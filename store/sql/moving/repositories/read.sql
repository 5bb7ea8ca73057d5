select id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision,
    commit_projects_stale, created_at, provider, provider_repo_id, full_name, default_branch, is_active, webhook_id,
    webhook_secret, last_synced_at, pushed_at, received_at, visible_at, connected_at, installation_id, access_token,
    webhook_secret_previous, owner_id, is_private, is_archived, web_url, gone_at, report_time, report_rank,
    report_digest, waiting_since
from repositories
where tenant_id = $1
order by id
