-- What bodies were recorded under these ids (columns: hook, guid).
select d.hook, d.guid, d.body_hash
from json_each($1) i
cross join deliveries d
where d.hook = i.value ->> 0 and d.guid = i.value ->> 1
