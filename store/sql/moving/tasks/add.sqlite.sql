insert into tasks (tenant_id, id, repository_id, project_id, kind, key, title, state, path, line, place, parent_id,
    section, tag, assignee, named, surroundings, closed_at)
select $1, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11, j.value ->> 12, j.value ->> 13,
    j.value ->> 14, j.value ->> 15, j.value ->> 16
from json_each($2) j
