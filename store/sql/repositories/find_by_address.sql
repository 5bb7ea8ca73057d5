-- One that is known by its id at the provider, by the address $2; names at a provider do not differ by case alone. A folder
-- is never found by its remote.
select id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision, commit_projects_stale,
    provider, provider_repo_id, full_name, default_branch, is_active, connected_at, installation_id, owner_id, is_private,
    is_archived, web_url, gone_at
from repositories
where tenant_id = $1 and provider_repo_id is not null and lower(clone_url) in (lower($2), lower($2) || '.git')
order by case when gone_at is null then 0 else 1 end, id
limit 1
