insert into repositories (tenant_id, id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version,
    history, revision, commit_projects_stale, created_at, provider, provider_repo_id, full_name, default_branch,
    is_active, webhook_id, webhook_secret, last_synced_at, pushed_at, received_at, visible_at, connected_at,
    installation_id, access_token, webhook_secret_previous, owner_id, is_private, is_archived, web_url, gone_at,
    report_time, report_rank, report_digest, waiting_since)
select $1, j.id, j.source_key, j.name, j.clone_url, j.branch, j.head, j.dirty, j.shallow, j.extractor_version,
    j.history, j.revision, j.commit_projects_stale, j.created_at, j.provider, j.provider_repo_id, j.full_name,
    j.default_branch, j.is_active, j.webhook_id, j.webhook_secret, j.last_synced_at, j.pushed_at, j.received_at,
    j.visible_at, j.connected_at, j.installation_id, j.access_token, j.webhook_secret_previous, j.owner_id,
    j.is_private, j.is_archived, j.web_url, j.gone_at, j.report_time, j.report_rank, j.report_digest, j.waiting_since
from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::boolean[], $9::boolean[],
    $10::bigint[], $11::text[], $12::bigint[], $13::boolean[], $14::bigint[], $15::text[], $16::bigint[], $17::text[],
    $18::text[], $19::boolean[], $20::bigint[], $21::bytea[], $22::bigint[], $23::bigint[], $24::bigint[],
    $25::bigint[], $26::bigint[], $27::bigint[], $28::bytea[], $29::bytea[], $30::bigint[], $31::boolean[],
    $32::boolean[], $33::text[], $34::bigint[], $35::bigint[], $36::bigint[], $37::bytea[], $38::bigint[])
    as j(id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version, history, revision,
    commit_projects_stale, created_at, provider, provider_repo_id, full_name, default_branch, is_active, webhook_id,
    webhook_secret, last_synced_at, pushed_at, received_at, visible_at, connected_at, installation_id, access_token,
    webhook_secret_previous, owner_id, is_private, is_archived, web_url, gone_at, report_time, report_rank,
    report_digest, waiting_since)
