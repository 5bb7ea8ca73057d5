select json_build_object(
    'table', case when n.nspname = 'public' then c.relname else concat(n.nspname, '.', c.relname) end,
    'name', p.polname,
    'permissive', p.polpermissive,
    'every_command', p.polcmd = '*',
    'roles', (
        select json_agg(case when r = 0 then 'PUBLIC' else pg_get_userbyid(r)::text end order by r)
        from unnest(p.polroles) r),
    'using', pg_get_expr(p.polqual, p.polrelid),
    'check', pg_get_expr(p.polwithcheck, p.polrelid))::text
from pg_policy p
join pg_class c on c.oid = p.polrelid
join pg_namespace n on n.oid = c.relnamespace
order by n.nspname, c.relname, p.polname
