-- The last seq that was given, and the first that is still kept.
select t.change_seq, (select min(c.seq) from changes c where c.tenant_id = $1) as first_kept
from tenants t
where t.id = $1
