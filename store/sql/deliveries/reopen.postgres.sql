-- Those of the given deliveries whose body is still there are to be planned again.
update deliveries
set status = 'received', reason = null, waits_for = null, settled_at = null
where id = any($1) and body is not null
returning id
