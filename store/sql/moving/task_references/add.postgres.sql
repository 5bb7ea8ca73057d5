insert into task_references (tenant_id, task_id, place, source, span_start, span_end, target, relation, rule, matched,
    resolved)
select $1, j.task_id, j.place, j.source, j.span_start, j.span_end, j.target, j.relation, j.rule, j.matched, j.resolved
from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::boolean[])
    as j(task_id, place, source, span_start, span_end, target, relation, rule, matched, resolved)
