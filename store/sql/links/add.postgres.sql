insert into links (tenant_id, id, task_id, source, commit_id, pull_request_id, relation, rule, matched, made_at)
select $1, j.id, j.task_id, j.source, j.commit_id, j.pull_request_id, j.relation, j.rule, j.matched, $2
from unnest($3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::text[])
    as j(id, task_id, source, commit_id, pull_request_id, relation, rule, matched)
