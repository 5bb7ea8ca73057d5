insert into refs (tenant_id, repository_id, name, tip)
values ($1, $2, $3, $4)
on conflict (tenant_id, repository_id, name) do update set tip = excluded.tip
