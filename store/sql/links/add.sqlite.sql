insert into links (tenant_id, id, task_id, source, commit_id, pull_request_id, relation, rule, matched, made_at)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    j.value ->> 7, $2
from json_each($3) j
