select json_build_object(
    'table', case when n.nspname = 'public' then c.relname else concat(n.nspname, '.', c.relname) end,
    'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod),
    'nullable', not a.attnotnull,
    'identity', a.attidentity <> '',
    'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end)::text
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attnum > 0 and not a.attisdropped
    and c.relkind in ('r', 'p', 'f')
    and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
order by n.nspname, c.relname, a.attnum
