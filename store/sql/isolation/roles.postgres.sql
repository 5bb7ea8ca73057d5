select json_build_object(
    'name', r.rolname,
    'powers', (
        select coalesce(json_agg(p.power), '[]')
        from (values ('SUPERUSER', r.rolsuper), ('BYPASSRLS', r.rolbypassrls), ('CREATEROLE', r.rolcreaterole),
            ('CREATEDB', r.rolcreatedb), ('REPLICATION', r.rolreplication)) p (power, held)
        where p.held),
    'member_of', (
        select coalesce(json_agg(pg_get_userbyid(m.roleid) order by m.roleid), '[]')
        from pg_auth_members m where m.member = r.oid),
    'owned_schemas', (
        select coalesce(json_agg(n.nspname order by n.nspname), '[]') from pg_namespace n where n.nspowner = r.oid))::text
from pg_roles r
where r.rolname in ('muster_app', 'muster_queue', 'muster_operator')
order by r.rolname
