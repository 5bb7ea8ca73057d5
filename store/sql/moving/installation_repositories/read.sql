select provider, installation_id, provider_repo_id, full_name, access, report_time, report_rank, report_digest
from installation_repositories
where tenant_id = $1
order by provider, installation_id, provider_repo_id
