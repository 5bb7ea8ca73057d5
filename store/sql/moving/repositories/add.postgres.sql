insert into repositories (tenant_id, id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version,
    history, revision, commit_projects_stale, created_at, provider, provider_repo_id, full_name, default_branch,
    is_active, webhook_id, webhook_secret, last_synced_at, pushed_at, received_at, visible_at)
select $1, j.id, j.source_key, j.name, j.clone_url, j.branch, j.head, j.dirty, j.shallow, j.extractor_version,
    j.history, j.revision, j.commit_projects_stale, j.created_at, j.provider, j.provider_repo_id, j.full_name,
    j.default_branch, j.is_active, j.webhook_id, j.webhook_secret, j.last_synced_at, j.pushed_at, j.received_at,
    j.visible_at
from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::boolean[], $9::boolean[],
    $10::bigint[], $11::text[], $12::bigint[], $13::boolean[], $14::bigint[], $15::text[], $16::bigint[], $17::text[],
    $18::text[], $19::boolean[], $20::bigint[], $21::bytea[], $22::bigint[], $23::bigint[], $24::bigint[],
    $25::bigint[])
    as j(id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision,
    commit_projects_stale, created_at, provider, provider_repo_id, full_name, default_branch, is_active, webhook_id,
    webhook_secret, last_synced_at, pushed_at, received_at, visible_at)
