-- What bodies were recorded under these ids (columns: hook, guid).
select d.hook, d.guid, d.body_hash
from unnest($1::text[], $2::text[]) as i(hook, guid)
join deliveries d on d.hook = i.hook and d.guid = i.guid
