select json_build_object(
    'table', case when n.nspname = 'public' then c.relname else concat(n.nspname, '.', c.relname) end,
    'name', k.conname,
    'columns', (
        select json_agg(a.attname order by u.place)
        from unnest(k.conkey) with ordinality u (number, place)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number),
    'to', case when tn.nspname = 'public' then t.relname else concat(tn.nspname, '.', t.relname) end,
    'to_columns', (
        select json_agg(a.attname order by u.place)
        from unnest(k.confkey) with ordinality u (number, place)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number))::text
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_class t on t.oid = k.confrelid
join pg_namespace tn on tn.oid = t.relnamespace
where k.contype = 'f' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
order by n.nspname, c.relname, k.conname
