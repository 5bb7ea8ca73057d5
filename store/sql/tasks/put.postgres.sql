insert into tasks (tenant_id, id, repository_id, project_id, kind, key, title, state, path, line, place, parent_id,
    section, tag, assignee, named, surroundings)
select $1, j.id, $2, j.project_id, j.kind, j.key, j.title, j.state, j.path, j.line, j.place, j.parent_id, j.section, j.tag,
    j.assignee, j.named, j.surroundings
from unnest($3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[],
    $11::bigint[], $12::bigint[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[])
    as j(id, project_id, kind, key, title, state, path, line, place, parent_id, section, tag, assignee, named, surroundings)
on conflict (tenant_id, id) do update
set project_id = excluded.project_id, kind = excluded.kind, key = excluded.key, title = excluded.title,
    state = excluded.state, path = excluded.path, line = excluded.line, place = excluded.place,
    parent_id = excluded.parent_id, section = excluded.section, tag = excluded.tag, assignee = excluded.assignee,
    named = excluded.named, surroundings = excluded.surroundings, closed_at = null
