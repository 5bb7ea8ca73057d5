-- What is known of it already stays, but for the installation that reads it.
update repositories
set source_key = coalesce($3, source_key), provider = coalesce(provider, $4), provider_repo_id = coalesce(provider_repo_id, $5),
    full_name = coalesce(full_name, $6), clone_url = coalesce(clone_url, $7), default_branch = coalesce(default_branch, $8),
    installation_id = coalesce($9, installation_id), connected_at = coalesce(connected_at, $10), is_active = gone_at is null
where tenant_id = $1 and id = $2
returning id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision, commit_projects_stale,
    provider, provider_repo_id, full_name, default_branch, is_active, connected_at, installation_id, owner_id, is_private,
    is_archived, web_url, gone_at
