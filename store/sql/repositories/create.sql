insert into repositories (tenant_id, id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version,
    history, revision, commit_projects_stale, created_at)
values ($1, (select coalesce(max(id), 0) + 1 from repositories where tenant_id = $1), $2, $3, $4, $5, $6, $7, $8,
    $9, 'none', 1, false, $10)
on conflict (tenant_id, source_key) do nothing
returning id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision, commit_projects_stale,
    provider, provider_repo_id, full_name, default_branch, is_active, connected_at, installation_id, owner_id, is_private,
    is_archived, web_url, gone_at
