-- The roles that Muster runs as. To be run before the migrations and once more after them; any number of times, by the
-- role that owns the database: a superuser, a plain role with CREATEROLE, or one that was granted all three.
--
--   muster_app       what serves tenants: it sees the rows of one tenant at a time, and no global table
--   muster_queue     records and claims deliveries and jobs across tenants: those two tables and nothing else
--   muster_operator  makes, changes and deletes tenants: a few functions and no table
--
-- Roles belong to the cluster, so another database may make them at the same moment, and no lock reaches across
-- databases: who comes second finds them made and goes on.
do $$
declare
    name text;
    other text;
    option text := case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end;
    trouble text;
begin
    perform pg_advisory_xact_lock(1299542900); -- two runs in this database change the same catalogue rows

    foreach name in array array['muster_app', 'muster_queue', 'muster_operator'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = name) then
            begin
                execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication '
                    'noinherit', name);
            exception
                when duplicate_object or unique_violation then null; -- made in between
                when insufficient_privilege then
                    raise exception 'the role % does not exist and % may not create it', name, current_user
                        using errcode = 'insufficient_privilege',
                            hint = format('Let a superuser run: create role %I nologin noinherit; grant %I to %I',
                                name, name, current_user);
            end;
        end if;
        select concat_ws(' and ', case when rolsuper then 'SUPERUSER' end, case when rolbypassrls then 'BYPASSRLS' end)
        into trouble
        from pg_catalog.pg_roles where rolname = name;
        if trouble <> '' then
            raise exception 'the role % has %: row-level security would not bind it', name, trouble
                using errcode = 'invalid_role_specification',
                    hint = format('Let a superuser run: alter role %I nosuperuser nobypassrls', name);
        end if;
    end loop;

    -- A member could switch to the other role, or see its rows.
    foreach name in array array['muster_app', 'muster_queue', 'muster_operator'] loop
        foreach other in array array['muster_app', 'muster_queue', 'muster_operator', current_user::text] loop
            if name <> other and pg_has_role(name, other, 'MEMBER') then
                raise exception 'the role % is a member of %', name, other
                    using errcode = 'invalid_role_specification', hint = format('Run: revoke %I from %I', other, name);
            end if;
        end loop;
    end loop;

    -- Whoever migrates can switch to them: start-up and the audit look at the tables as they do.
    foreach name in array array['muster_app', 'muster_queue', 'muster_operator'] loop
        if not pg_has_role(current_user, name, option) then
            begin
                -- Inherited, muster_queue's policy would show its member the rows of every tenant. Before 16 only the
                -- member as a whole inherits or does not.
                execute format('grant %I to %I', name, current_user)
                    || case when option = 'SET' then ' with inherit false, set true' else '' end;
            exception
                when unique_violation then null; -- granted in between
                when insufficient_privilege then
                    raise exception '% may not switch to the role % and may not grant it', current_user, name
                        using errcode = 'insufficient_privilege',
                            hint = format('Let a superuser run: grant %I to %I', name, current_user);
            end;
        end if;
    end loop;

    -- The functions of 0015 run as the owner and find tables by name: nobody else may put names into the schema.
    if exists (
        select
        from pg_catalog.pg_namespace n, aclexplode(n.nspacl) a
        where n.nspname = 'public' and a.grantee = 0 and a.privilege_type = 'CREATE')
    then
        revoke create on schema public from public;
    end if;
    if exists (
        select
        from pg_catalog.pg_namespace n, aclexplode(n.nspacl) a
        where n.nspname = 'public' and a.grantee = 0 and a.privilege_type = 'CREATE')
    then
        raise exception 'everybody may create objects in the schema public, and % may not change that', current_user
            using errcode = 'insufficient_privilege',
                hint = 'Let the owner of the schema run: revoke create on schema public from public';
    end if;
    foreach name in array array['muster_app', 'muster_queue', 'muster_operator'] loop
        if not exists (
            select
            from pg_catalog.pg_namespace n, aclexplode(n.nspacl) a
            where n.nspname = 'public' and a.grantee = name::regrole and a.privilege_type = 'USAGE')
        then
            execute format('grant usage on schema public to %I', name);
        end if;
    end loop;

    -- After the migrations: a start compares the schema's number with the program's before it takes a role.
    if to_regclass('public._sqlx_migrations') is not null then
        grant select on public._sqlx_migrations to public;
    end if;
end
$$;
