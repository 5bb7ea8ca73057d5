select id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision, commit_projects_stale
from repositories
where tenant_id = $1 and id = $2
