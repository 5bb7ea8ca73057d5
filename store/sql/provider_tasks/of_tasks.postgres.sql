-- What only issues and pull requests have, of these tasks.
select p.task_id, p.number, p.web_url, p.author, p.labels, p.draft, p.merged, p.head_ref, p.base_ref, p.gone
from unnest($2::bigint[]) as j(id)
cross join lateral (select k.* from provider_tasks k where k.tenant_id = $1 and k.task_id = j.id limit 1) p
