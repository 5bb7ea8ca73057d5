-- A repository that is disconnected is no longer one of the provider's, but for one that an installation reads: whoever connects it
-- again says anew which it is. $3 is what it is known by from now on.
update repositories
set provider = null, provider_repo_id = null, source_key = $3, report_time = null, report_rank = null, report_digest = null,
    gone_at = null
where tenant_id = $1 and id = $2 and provider_repo_id is not null and installation_id is null
