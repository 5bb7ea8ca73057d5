-- What a session of this database begins with, by database and by role, whatever the name.
select json_build_object(
    'role', case when s.setrole = 0 then null else pg_get_userbyid(s.setrole) end,
    'name', split_part(setting, '=', 1),
    'value', substr(setting, strpos(setting, '=') + 1))::text
from pg_db_role_setting s
cross join unnest(s.setconfig) setting
where s.setdatabase in (0, (select d.oid from pg_database d where d.datname = current_database()))
order by s.setrole, setting
