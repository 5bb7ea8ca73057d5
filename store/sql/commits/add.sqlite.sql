insert into commits (tenant_id, id, repository_id, sha, parents, author_id, authored_at, authored_offset, committer_id,
    committed_at, committed_offset, message, path_count, paths_complete, unreachable_since, on_default_since)
select $1, j.value ->> 0, $2, unhex(j.value ->> 1), unhex(j.value ->> 2), j.value ->> 3, j.value ->> 4, j.value ->> 5,
    j.value ->> 6, j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11, $3, $4
from json_each($5) j
