select id, repository_id, sha, parents, author_id, authored_at, authored_offset, committer_id, committed_at,
    committed_offset, message, path_count, paths_complete, on_default_since, unreachable_since
from commits
where tenant_id = $1
order by id
