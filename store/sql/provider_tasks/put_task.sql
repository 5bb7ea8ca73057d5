-- What an issue or pull request has in common with other tasks. They sort by number: that is their place. $11 is when we heard
-- that it is gone; null: it is there.
insert into tasks (tenant_id, id, repository_id, kind, key, title, state, path, line, place, assignee, named, surroundings,
    closed_at)
values ($1, $2, $3, $4, $5, $6, $7, '', 0, $8, $9, $10, '', $11)
on conflict (tenant_id, id) do update
set kind = excluded.kind, title = excluded.title, state = excluded.state, assignee = excluded.assignee,
    named = excluded.named,
    closed_at = case when excluded.closed_at is null then null else coalesce(tasks.closed_at, excluded.closed_at) end
