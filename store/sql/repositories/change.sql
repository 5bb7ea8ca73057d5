-- History that was complete lags behind a head that no stored tip reaches.
update repositories
set name = $3, clone_url = $4, branch = $5, head = $6, dirty = $7, shallow = $8, extractor_version = $9, revision = revision + 1,
    commit_projects_stale = case when $10 and history <> 'none' then true else commit_projects_stale end,
    history = case
        when history = 'complete' and not exists (
            select 1 from refs r where r.tenant_id = $1 and r.repository_id = $2 and r.tip = $6) and $6 is not null
        then 'partial'
        else history
    end
where tenant_id = $1 and id = $2
returning id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision, commit_projects_stale
