insert into commits (tenant_id, id, repository_id, sha, parents, author_id, authored_at, authored_offset, committer_id,
    committed_at, committed_offset, message, path_count, paths_complete, on_default_since, unreachable_since)
select $1, j.value ->> 0, j.value ->> 1, unhex(j.value ->> 2), unhex(j.value ->> 3), j.value ->> 4, j.value ->> 5,
    j.value ->> 6, j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11, j.value ->> 12,
    j.value ->> 13, j.value ->> 14
from json_each($2) j
