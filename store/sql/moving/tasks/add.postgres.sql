insert into tasks (tenant_id, id, repository_id, project_id, kind, key, title, state, path, line, place, parent_id,
    section, tag, assignee, named, surroundings, closed_at)
select $1, j.id, j.repository_id, j.project_id, j.kind, j.key, j.title, j.state, j.path, j.line, j.place, j.parent_id,
    j.section, j.tag, j.assignee, j.named, j.surroundings, j.closed_at
from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::bigint[], $11::bigint[], $12::bigint[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
    $18::bigint[])
    as j(id, repository_id, project_id, kind, key, title, state, path, line, place, parent_id, section, tag, assignee,
    named, surroundings, closed_at)
