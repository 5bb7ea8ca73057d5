-- How the repository is called, by the latest that any installation said.
select full_name
from installation_repositories
where tenant_id = $1 and provider = $2 and provider_repo_id = $3 and full_name is not null
order by report_time desc, report_rank desc, report_digest desc
limit 1
