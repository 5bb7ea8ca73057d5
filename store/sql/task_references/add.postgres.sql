insert into task_references (tenant_id, task_id, place, source, span_start, span_end, target, relation, rule, matched, resolved)
select $1, $2, j.place, j.source, j.span_start, j.span_end, j.target, j.relation, j.rule, j.matched, false
from unnest($3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[])
    as j(place, source, span_start, span_end, target, relation, rule, matched)
