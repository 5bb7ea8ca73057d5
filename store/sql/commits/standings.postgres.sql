-- The limit keeps the list as the outer loop: one look into the index for each id, whatever is known of the table's size.
select c.sha, c.id, c.paths_complete, c.unreachable_since is null as is_reachable, c.on_default_since is not null as is_on_default
from unnest($3::bytea[]) as j(sha)
cross join lateral (
    select k.sha, k.id, k.paths_complete, k.unreachable_since, k.on_default_since
    from commits k
    where k.tenant_id = $1 and k.repository_id = $2 and k.sha = j.sha
    limit 1
) c
