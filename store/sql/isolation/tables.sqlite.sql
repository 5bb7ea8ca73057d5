-- Tables and views; sqlite_ names are SQLite's own.
select json_object(
    'name', l.name,
    'kind', case l.type when 'view' then 'view' else 'table' end,
    'owner', '',
    'row_security', json('false'),
    'forced', json('false'),
    'invoker', json('true'),
    'strict', json(iif(l.strict, 'true', 'false')))
from pragma_table_list l
where l.schema = 'main' and l.name not like 'sqlite\_%' escape '\'
order by l.name
