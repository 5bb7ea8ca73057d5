insert into commit_references (tenant_id, commit_id, place, span_start, span_end, target, relation, rule, resolved)
select $1, j.commit_id, j.place, j.span_start, j.span_end, j.target, j.relation, j.rule, false
from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[])
    as j(commit_id, place, span_start, span_end, target, relation, rule)
