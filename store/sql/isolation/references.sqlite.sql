select json_object(
    'table', l.name,
    'name', 'the reference of ' || l.name || ' (' || group_concat(f."from", ', ' order by f.seq) || ')',
    'columns', json_group_array(f."from" order by f.seq),
    'to', f."table",
    'to_columns', json_group_array(coalesce(f."to", '') order by f.seq))
from pragma_table_list l, pragma_foreign_key_list(l.name) f
where l.schema = 'main' and l.type = 'table'
group by l.name, f.id
order by l.name, f.id
