insert into scans (tenant_id, id, repository_id, head, branch, dirty, changed, project_count, task_count, problems,
    scanned_at)
select $1, j.value ->> 0, j.value ->> 1, unhex(j.value ->> 2), j.value ->> 3, j.value ->> 4, j.value ->> 5,
    j.value ->> 6, j.value ->> 7, j.value ->> 8, j.value ->> 9
from json_each($2) j
