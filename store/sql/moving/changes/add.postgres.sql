insert into changes (tenant_id, seq, repository_id, kind, pushed_at, received_at, visible_at)
select $1, j.seq, j.repository_id, j.kind, j.pushed_at, j.received_at, j.visible_at
from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
    as j(seq, repository_id, kind, pushed_at, received_at, visible_at)
