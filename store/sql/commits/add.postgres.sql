insert into commits (tenant_id, id, repository_id, sha, parents, author_id, authored_at, authored_offset, committer_id,
    committed_at, committed_offset, message, path_count, paths_complete)
select $1, j.id, $2, j.sha, j.parents, j.author_id, j.authored_at, j.authored_offset, j.committer_id, j.committed_at,
    j.committed_offset, j.message, j.path_count, j.paths_complete
from unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
    $10::bigint[], $11::bigint[], $12::text[], $13::bigint[], $14::boolean[])
    as j(id, sha, parents, author_id, authored_at, authored_offset, committer_id, committed_at, committed_offset, message,
        path_count, paths_complete)
