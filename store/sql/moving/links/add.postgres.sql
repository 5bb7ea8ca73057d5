insert into links (tenant_id, id, task_id, source, commit_id, pull_request_id, relation, rule, matched, made_at,
    withdrawn_at)
select $1, j.id, j.task_id, j.source, j.commit_id, j.pull_request_id, j.relation, j.rule, j.matched, j.made_at,
    j.withdrawn_at
from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[],
    $10::bigint[], $11::bigint[])
    as j(id, task_id, source, commit_id, pull_request_id, relation, rule, matched, made_at, withdrawn_at)
