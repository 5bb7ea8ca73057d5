select json_build_object(
    'name', case when n.nspname = 'public' then p.proname else concat(n.nspname, '.', p.proname) end,
    'arguments', oidvectortypes(p.proargtypes),
    'definer', p.prosecdef,
    'leakproof', p.proleakproof,
    'owner', pg_get_userbyid(p.proowner),
    'settings', coalesce(p.proconfig, '{}'))::text
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
order by n.nspname, p.proname, 1
