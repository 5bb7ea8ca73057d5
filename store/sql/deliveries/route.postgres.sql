-- A job for each of the given deliveries, which plans it.
insert into jobs (tenant_id, kind, payload, fair_hint, priority, long, run_at, state, enqueued_at)
select d.tenant_id, 'route', '{"delivery":' || d.id || '}', d.fair_hint, 0, false, $1, 'ready', $1
from unnest($2::bigint[]) as i(id)
join deliveries d on d.id = i.id
