-- No row is given back where another report holds. An installation has no tenant_id before it is claimed.
insert into installations as i (provider, installation_id, account, created_at, suspended_at, removed_at, report_time,
    report_rank, report_digest)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (provider, installation_id)
do update set account = excluded.account, suspended_at = excluded.suspended_at, removed_at = excluded.removed_at,
    report_time = excluded.report_time, report_rank = excluded.report_rank, report_digest = excluded.report_digest
where i.report_time is null
    or (i.report_time, i.report_rank, i.report_digest) < (excluded.report_time, excluded.report_rank, excluded.report_digest)
returning true as taken
