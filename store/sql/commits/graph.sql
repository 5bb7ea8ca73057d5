-- A page of a repository's history as it hangs together, by name.
select sha, id, parents, unreachable_since is null as is_reachable, on_default_since is not null as is_on_default
from commits
where tenant_id = $1 and repository_id = $2 and sha > $3
order by sha
limit $4
