insert into commits (tenant_id, id, repository_id, sha, parents, author_id, authored_at, authored_offset, committer_id,
    committed_at, committed_offset, message, path_count, paths_complete, unreachable_since, on_default_since)
select $1, j.id, $2, j.sha, j.parents, j.author_id, j.authored_at, j.authored_offset, j.committer_id, j.committed_at,
    j.committed_offset, j.message, j.path_count, j.paths_complete, $3, $4
from unnest($5::bigint[], $6::bytea[], $7::bytea[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[],
    $12::bigint[], $13::bigint[], $14::text[], $15::bigint[], $16::boolean[])
    as j(id, sha, parents, author_id, authored_at, authored_offset, committer_id, committed_at, committed_offset, message,
        path_count, paths_complete)
