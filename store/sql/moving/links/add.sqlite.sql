insert into links (tenant_id, id, task_id, source, commit_id, pull_request_id, relation, rule, matched, made_at,
    withdrawn_at)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    j.value ->> 7, j.value ->> 8, j.value ->> 9
from json_each($2) j
