insert into commit_references (tenant_id, commit_id, place, span_start, span_end, target, relation, rule, resolved)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6, 0
from json_each($2) j
