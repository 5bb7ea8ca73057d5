-- A primary key that is the row's own number has no index, so primary keys are read from the columns.
select json_object(
    'table', l.name,
    'name', 'the primary key of ' || l.name,
    'kind', 'primary',
    'columns', json((
        select json_group_array(p.name)
        from (select c.name from pragma_table_info(l.name) c where c.pk > 0 order by c.pk) p)),
    'predicate', null)
from pragma_table_list l
where l.schema = 'main' and l.type = 'table' and l.name not like 'sqlite\_%' escape '\'
    and exists (select 1 from pragma_table_info(l.name) c where c.pk > 0)
union all
select json_object(
    'table', l.name,
    'name', i.name,
    'kind', iif(i."unique", 'unique', 'index'),
    'columns', json((
        select json_group_array(coalesce(p.name, 'an expression'))
        from (select c.name from pragma_index_info(i.name) c order by c.seqno) p)),
    'predicate', iif(i.partial, (
        select substr(replace(s.sql, char(10), ' '), instr(replace(lower(s.sql), char(10), ' '), ' where ') + 7)
        from sqlite_schema s where s.type = 'index' and s.name = i.name), null))
from pragma_table_list l, pragma_index_list(l.name) i
where l.schema = 'main' and l.type = 'table' and l.name not like 'sqlite\_%' escape '\' and i.origin <> 'pk'
