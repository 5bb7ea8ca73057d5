insert into repositories (tenant_id, id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version,
    history, revision, commit_projects_stale, created_at, provider, provider_repo_id, full_name, default_branch,
    is_active, webhook_id, webhook_secret, last_synced_at, pushed_at, received_at, visible_at, connected_at,
    installation_id, access_token, webhook_secret_previous, owner_id, is_private, is_archived, web_url, gone_at,
    report_time, report_rank, report_digest, waiting_since)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, unhex(j.value ->> 5),
    j.value ->> 6, j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11, j.value ->> 12,
    j.value ->> 13, j.value ->> 14, j.value ->> 15, j.value ->> 16, j.value ->> 17, j.value ->> 18,
    unhex(j.value ->> 19), j.value ->> 20, j.value ->> 21, j.value ->> 22, j.value ->> 23, j.value ->> 24,
    j.value ->> 25, unhex(j.value ->> 26), unhex(j.value ->> 27), j.value ->> 28, j.value ->> 29, j.value ->> 30,
    j.value ->> 31, j.value ->> 32, j.value ->> 33, j.value ->> 34, unhex(j.value ->> 35), j.value ->> 36
from json_each($2) j
