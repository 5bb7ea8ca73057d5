insert into installation_repositories (tenant_id, provider, installation_id, provider_repo_id, full_name, access,
    report_time, report_rank, report_digest)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    unhex(j.value ->> 7)
from json_each($2) j
