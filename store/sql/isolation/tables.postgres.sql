-- Relations that may hold rows or show those of others. What belongs to an extension is the extension's.
select json_build_object(
    'name', case when n.nspname = 'public' then c.relname else concat(n.nspname, '.', c.relname) end,
    'kind', case c.relkind when 'v' then 'view' when 'm' then 'materialised_view' else 'table' end,
    'owner', pg_get_userbyid(c.relowner),
    'row_security', c.relrowsecurity,
    'forced', c.relforcerowsecurity,
    'invoker', coalesce(
        (select o.option_value::boolean from pg_options_to_table(c.reloptions) o where o.option_name = 'security_invoker'),
        false),
    'strict', true)::text
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'v', 'm')
    and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by 1
