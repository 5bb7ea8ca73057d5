-- No row is given back where another report holds.
insert into installation_repositories as i (tenant_id, provider, installation_id, provider_repo_id, full_name, access,
    report_time, report_rank, report_digest)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (tenant_id, provider, installation_id, provider_repo_id)
do update set full_name = excluded.full_name, access = excluded.access, report_time = excluded.report_time,
    report_rank = excluded.report_rank, report_digest = excluded.report_digest
where (i.report_time, i.report_rank, i.report_digest) < (excluded.report_time, excluded.report_rank, excluded.report_digest)
returning access
