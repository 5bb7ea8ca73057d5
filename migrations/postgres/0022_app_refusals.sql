-- How often deliveries of a provider's App were refused: written now and then, never in the course of a request. Of the
-- database and of no tenant, for whoever is refused has not shown whose he is. No run-time role is granted anything on it.
create table app_refusals (
    provider text collate "C" not null primary key, -- whose App it is
    refused_code text collate "C" not null, -- of the last time
    refused_at bigint not null,
    refused_count bigint not null
);

-- muster_app: the App was refused so often since this was last written.
create function app_refused(code text, at bigint, number bigint) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into app_refusals as r (provider, refused_code, refused_at, refused_count)
    values ('github', app_refused.code, app_refused.at, app_refused.number)
    on conflict (provider) do update
    set refused_code = excluded.refused_code, refused_at = excluded.refused_at,
        refused_count = r.refused_count + excluded.refused_count
$$;

-- muster_queue: how the App was refused; no row where it never was.
create function app_refusal_list() returns table (provider text, refused_code text, refused_at bigint, refused_count bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.provider, r.refused_code, r.refused_at, r.refused_count from app_refusals r
$$;

revoke all on function app_refused(text, bigint, bigint), app_refusal_list() from public;
grant execute on function app_refused(text, bigint, bigint) to muster_app;
grant execute on function app_refusal_list() to muster_queue;
