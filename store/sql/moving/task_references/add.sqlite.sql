insert into task_references (tenant_id, task_id, place, source, span_start, span_end, target, relation, rule, matched,
    resolved)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    j.value ->> 7, j.value ->> 8, j.value ->> 9
from json_each($2) j
