-- As the provider reports it, as a whole. $12 is when we heard that it is gone; null: it is there.
update repositories
set full_name = $3, owner_id = $4, default_branch = $5, is_private = $6, is_archived = $7, web_url = $8,
    report_time = $9, report_rank = $10, report_digest = $11,
    gone_at = case when cast($12 as bigint) is null then null else coalesce(gone_at, $12) end
where tenant_id = $1 and id = $2
