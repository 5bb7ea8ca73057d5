-- The roles that Muster runs as: are they there, may this login take them, and what may they use?
select n.name, r.oid is not null as is_there,
    coalesce(pg_has_role(current_user, r.oid,
        case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end), false) as may_be_taken,
    (select count(*)
        from pg_class c
        where r.oid is not null and c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE')
            and c.relname <> '_sqlx_migrations') as tables,
    (select count(*)
        from pg_proc p, aclexplode(p.proacl) a
        where p.pronamespace = 'public'::regnamespace and a.grantee = r.oid and a.privilege_type = 'EXECUTE') as functions
from unnest(array['muster_app', 'muster_queue', 'muster_operator']) with ordinality as n(name, place)
left join pg_roles r on r.rolname = n.name
order by n.place
