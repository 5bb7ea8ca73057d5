select provider, installation_id, account, created_at, suspended_at, removed_at, report_time, report_rank, report_digest
from export_installations(tenant_id => null)
order by provider, installation_id
