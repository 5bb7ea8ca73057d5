-- No row is given back where another tenant has it.
insert into installations as i (provider, installation_id, tenant_id, account, created_at)
values ($2, $3, $1, $4, $5)
on conflict (provider, installation_id)
do update set tenant_id = excluded.tenant_id, account = excluded.account, removed_at = null
where i.tenant_id is null or i.tenant_id = excluded.tenant_id
returning true as claimed
