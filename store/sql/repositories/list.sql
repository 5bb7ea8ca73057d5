-- $2 is the source key that the page before ended at.
select r.id, r.source_key, r.name, r.clone_url, r.branch, r.head, r.dirty, r.shallow, r.extractor_version, r.history, r.revision,
    r.commit_projects_stale, r.provider, r.provider_repo_id, r.full_name, r.default_branch, r.is_active, r.connected_at,
    r.installation_id, r.owner_id, r.is_private, r.is_archived, r.web_url, r.gone_at,
    (select count(*) from projects p
     where p.tenant_id = $1 and p.repository_id = r.id and p.closed_at is null) as projects,
    (select count(*) from tasks t
     where t.tenant_id = $1 and t.repository_id = r.id and t.closed_at is null) as tasks,
    (select count(*) from commits c where c.tenant_id = $1 and c.repository_id = r.id)
        - (select count(*) from commits c
           where c.tenant_id = $1 and c.repository_id = r.id and c.unreachable_since is not null) as commits,
    r.pushed_at, r.received_at, r.visible_at, r.last_synced_at, r.waiting_since,
    (select s.scanned_at from scans s
     where s.tenant_id = $1 and s.repository_id = r.id
     order by s.id desc limit 1) as scanned_at
from repositories r
where r.tenant_id = $1 and r.source_key > $2
order by r.source_key
limit $3
