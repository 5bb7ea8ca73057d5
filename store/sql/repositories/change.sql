-- History that was complete lags behind a head that moved, until it has been read and settled.
update repositories
set name = $3, clone_url = $4, branch = $5, head = $6, dirty = $7, shallow = $8, extractor_version = $9, revision = revision + 1,
    commit_projects_stale = case when $10 and history <> 'none' then true else commit_projects_stale end,
    history = case when history = 'complete' and head is distinct from $6 then 'partial' else history end
where tenant_id = $1 and id = $2
returning id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision, commit_projects_stale,
    provider, provider_repo_id, full_name, default_branch, is_active, connected_at, installation_id, owner_id, is_private,
    is_archived, web_url, gone_at
