select json_object(
    'table', l.name,
    'name', c.name,
    'type', c.type,
    'nullable', json(iif(c."notnull", 'false', 'true')),
    'identity', json('false'),
    'default', c.dflt_value)
from pragma_table_list l, pragma_table_info(l.name) c
where l.schema = 'main' and l.type = 'table' and l.name not like 'sqlite\_%' escape '\'
order by l.name, c.cid
