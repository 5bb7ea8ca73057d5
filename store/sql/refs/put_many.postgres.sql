insert into refs (tenant_id, repository_id, name, tip)
select $1, $2, j.name, j.tip
from unnest($3::text[], $4::bytea[]) as j(name, tip)
on conflict (tenant_id, repository_id, name) do update set tip = excluded.tip, deleted_at = null
