insert into tasks (tenant_id, id, repository_id, project_id, kind, key, title, state, path, line, place, parent_id,
    section, tag, assignee, named, surroundings)
select $1, j.value ->> 0, $2, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
    j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11, j.value ->> 12, j.value ->> 13,
    j.value ->> 14
from json_each($3) j
where true
on conflict (tenant_id, id) do update
set project_id = excluded.project_id, kind = excluded.kind, key = excluded.key, title = excluded.title,
    state = excluded.state, path = excluded.path, line = excluded.line, place = excluded.place,
    parent_id = excluded.parent_id, section = excluded.section, tag = excluded.tag, assignee = excluded.assignee,
    named = excluded.named, surroundings = excluded.surroundings, closed_at = null
