-- The row of an address, in any case, whose id at the provider is not known yet.
select id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision, commit_projects_stale,
    provider, provider_repo_id, full_name, default_branch, is_active, connected_at, installation_id, owner_id, is_private,
    is_archived, web_url, gone_at
from repositories indexed by repositories_by_provider
where tenant_id = $1 and provider is null and provider_repo_id is null and source_key like 'https://%' and lower(source_key) = lower($2)
order by case when source_key = $2 then 0 else 1 end, id
limit 1
