-- Who logs in, what he is besides, and which of the run-time roles he can become, and which he is without becoming it.
select current_user::text, r.rolsuper or r.rolbypassrls,
    exists (
        select from pg_class c
        where c.relowner = r.oid and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace),
    array(
        select n.name
        from unnest(array['muster_app', 'muster_operator', 'muster_queue']) n (name)
        left join pg_roles t on t.rolname = n.name
        where not coalesce(pg_has_role(r.oid, t.oid,
            case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end), false)
        order by n.name),
    coalesce((select pg_has_role(r.oid, q.oid, 'USAGE') from pg_roles q where q.rolname = 'muster_queue'), false)
from pg_roles r
where r.rolname = current_user
