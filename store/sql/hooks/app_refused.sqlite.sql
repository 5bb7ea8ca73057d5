insert into app_refusals (provider, refused_code, refused_at, refused_count) values ('github', $1, $2, $3)
on conflict (provider) do update
set refused_code = excluded.refused_code, refused_at = excluded.refused_at,
    refused_count = app_refusals.refused_count + excluded.refused_count
