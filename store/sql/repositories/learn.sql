update repositories set source_key = coalesce($3, source_key), provider = $4, provider_repo_id = $5
where tenant_id = $1 and id = $2 and provider_repo_id is null
returning id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision, commit_projects_stale,
    provider, provider_repo_id, full_name, default_branch, is_active, connected_at, installation_id, owner_id, is_private,
    is_archived, web_url, gone_at
