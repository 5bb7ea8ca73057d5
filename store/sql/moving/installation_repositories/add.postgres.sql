insert into installation_repositories (tenant_id, provider, installation_id, provider_repo_id, full_name, access,
    report_time, report_rank, report_digest)
select $1, j.provider, j.installation_id, j.provider_repo_id, j.full_name, j.access, j.report_time, j.report_rank,
    j.report_digest
from unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bytea[])
    as j(provider, installation_id, provider_repo_id, full_name, access, report_time, report_rank, report_digest)
