-- Every primary key, unique constraint and index is an index here. The name of an expression is its text.
select json_build_object(
    'table', case when n.nspname = 'public' then c.relname else concat(n.nspname, '.', c.relname) end,
    'name', x.relname,
    'kind', case when i.indisprimary then 'primary' when i.indisunique then 'unique' else 'index' end,
    'columns', (
        select json_agg(pg_get_indexdef(i.indexrelid, place, false) order by place)
        from generate_series(1, i.indnkeyatts) place),
    'predicate', pg_get_expr(i.indpred, i.indrelid))::text
from pg_index i
join pg_class x on x.oid = i.indexrelid
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
order by n.nspname, c.relname, x.relname
