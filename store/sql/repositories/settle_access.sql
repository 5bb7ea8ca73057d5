-- Who reads it, and whether it is looked at: the App's installation that may, or a hook of its own. Follows from the rows
-- alone, whatever order they came in. Where nothing was ever said of its access, that stays as it is.
update repositories as r
set installation_id = case
        when exists (
            select 1 from installation_repositories i
            where i.tenant_id = $1 and i.provider = r.provider and i.provider_repo_id = r.provider_repo_id)
        then (
            select min(i.installation_id) from installation_repositories i
            where i.tenant_id = $1 and i.provider = r.provider and i.provider_repo_id = r.provider_repo_id
                and i.access = 'granted')
        else r.installation_id
    end,
    is_active = r.connected_at is not null and r.gone_at is null and (
        r.webhook_secret is not null
        or not exists (
            select 1 from installation_repositories i
            where i.tenant_id = $1 and i.provider = r.provider and i.provider_repo_id = r.provider_repo_id
                and i.access = 'withdrawn')
        or exists (
            select 1 from installation_repositories i
            where i.tenant_id = $1 and i.provider = r.provider and i.provider_repo_id = r.provider_repo_id
                and i.access = 'granted'))
where r.tenant_id = $1 and r.id = $2
returning id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision, commit_projects_stale,
    provider, provider_repo_id, full_name, default_branch, is_active, connected_at, installation_id, owner_id, is_private,
    is_archived, web_url, gone_at
