select provider, installation_id, account, created_at, suspended_at, removed_at, report_time, report_rank, report_digest
from installations
where tenant_id = $1
order by provider, installation_id
