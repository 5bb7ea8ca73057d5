select json_object('table', s.tbl_name, 'name', s.name, 'text', s.sql)
from sqlite_schema s
where s.type = 'trigger'
order by s.tbl_name, s.name
