insert into installations (tenant_id, provider, installation_id, account, created_at, suspended_at, removed_at,
    report_time, report_rank, report_digest)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    j.value ->> 7, unhex(j.value ->> 8)
from json_each($2) j
where true
on conflict (provider, installation_id) do update
set tenant_id = excluded.tenant_id, account = excluded.account, created_at = excluded.created_at,
    suspended_at = excluded.suspended_at, removed_at = excluded.removed_at, report_time = excluded.report_time,
    report_rank = excluded.report_rank, report_digest = excluded.report_digest
where installations.tenant_id is null
