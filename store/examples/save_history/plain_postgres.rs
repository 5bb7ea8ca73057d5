//! The plain insert on PostgreSQL: one array a column, taken apart by `unnest`.

use sqlx::{Connection, PgConnection};

use crate::plain::Prepared;

/// Dictionary entries of one statement.
const ENTRIES: usize = 5000;

/// Inserts all rows in transactions of `batch` commits.
pub(crate) async fn insert(ready: &Prepared<'_>, connection: &mut PgConnection, batch: usize) {
    let mut transaction = connection.begin().await.unwrap();
    let people: Vec<_> = ready.people.iter().collect();
    for people in people.chunks(ENTRIES) {
        let sql = "insert into people (tenant_id, id, repository_id, name, email) \
            select $1, j.id, $2, j.name, j.email from unnest($3::bigint[], $4::text[], $5::text[]) as j(id, name, email)";
        let query = sqlx::query(sql).bind(ready.tenant.0).bind(ready.repository);
        let query = query.bind(list(people, |p| *p.1)).bind(list(people, |p| p.0.0));
        query.bind(list(people, |p| p.0.1)).execute(&mut *transaction).await.unwrap();
    }
    let paths: Vec<_> = ready.paths.iter().collect();
    for paths in paths.chunks(ENTRIES) {
        let sql = "insert into paths (tenant_id, id, repository_id, bytes) \
            select $1, j.id, $2, j.bytes from unnest($3::bigint[], $4::bytea[]) as j(id, bytes)";
        let query = sqlx::query(sql).bind(ready.tenant.0).bind(ready.repository);
        let query = query.bind(list(paths, |p| *p.1)).bind(list(paths, |p| p.0.as_bytes()));
        query.execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let all: Vec<usize> = (0..ready.rows.len()).collect();
    for batch in all.chunks(batch) {
        let mut transaction = connection.begin().await.unwrap();
        commits(ready, &mut transaction, batch).await;
        references(ready, &mut transaction, batch).await;
        for (sql, lists) in [
            (
                "insert into commit_paths (tenant_id, commit_id, path_id) \
                    select $1, j.a, j.b from unnest($2::bigint[], $3::bigint[]) as j(a, b)",
                &ready.commit_paths,
            ),
            (
                "insert into commit_projects (tenant_id, commit_id, project_id) \
                    select $1, j.a, j.b from unnest($2::bigint[], $3::bigint[]) as j(a, b)",
                &ready.commit_projects,
            ),
        ] {
            let (ids, others): (Vec<i64>, Vec<i64>) = Prepared::pairs(batch, lists).unzip();
            let query = sqlx::query(sql).bind(ready.tenant.0).bind(ids).bind(others);
            query.execute(&mut *transaction).await.unwrap();
        }
        transaction.commit().await.unwrap();
    }
}

async fn commits(ready: &Prepared<'_>, connection: &mut PgConnection, batch: &[usize]) {
    let sql = "insert into commits (tenant_id, id, repository_id, sha, parents, author_id, authored_at, \
            authored_offset, committer_id, committed_at, committed_offset, message, path_count, paths_complete) \
        select $1, j.id, $2, j.sha, j.parents, j.author_id, j.authored_at, j.authored_offset, j.committer_id, \
            j.committed_at, j.committed_offset, j.message, j.path_count, j.paths_complete \
        from unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], \
            $10::bigint[], $11::bigint[], $12::text[], $13::bigint[], $14::boolean[]) \
            as j(id, sha, parents, author_id, authored_at, authored_offset, committer_id, committed_at, \
                committed_offset, message, path_count, paths_complete)";
    let commit = |n: &usize| &ready.rows[*n].commit;
    let query = sqlx::query(sql).bind(ready.tenant.0).bind(ready.repository);
    let query = query.bind(list(batch, |n| *n as i64 + 1)).bind(list(batch, |n| commit(n).id.as_bytes()));
    let query = query.bind(list(batch, |n| &ready.parents[*n][..]));
    let query = query.bind(list(batch, |n| ready.person(&commit(n).author)));
    let query = query.bind(list(batch, |n| commit(n).author.time.seconds));
    let query = query.bind(list(batch, |n| i64::from(commit(n).author.time.offset_minutes)));
    let query = query.bind(list(batch, |n| ready.person(&commit(n).committer)));
    let query = query.bind(list(batch, |n| commit(n).committer.time.seconds));
    let query = query.bind(list(batch, |n| i64::from(commit(n).committer.time.offset_minutes)));
    let query = query.bind(list(batch, |n| commit(n).message.as_str()));
    let query = query.bind(list(batch, |n| commit(n).paths.len() as i64));
    let query = query.bind(list(batch, |n| commit(n).paths_complete));
    query.execute(connection).await.unwrap();
}

async fn references(ready: &Prepared<'_>, connection: &mut PgConnection, batch: &[usize]) {
    let references: Vec<_> = batch
        .iter()
        .flat_map(|n| ready.rows[*n].references.iter().map(move |r| (*n as i64 + 1, r)))
        .collect();
    let sql = "insert into commit_references (tenant_id, commit_id, place, span_start, span_end, target, relation, \
            rule, resolved) \
        select $1, j.commit_id, 0, j.span_start, j.span_end, j.target, j.relation, j.rule, false \
        from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[]) \
            as j(commit_id, span_start, span_end, target, relation, rule)";
    let query = sqlx::query(sql).bind(ready.tenant.0).bind(list(&references, |(id, _)| *id));
    let query = query.bind(list(&references, |(_, r)| r.start as i64));
    let query = query.bind(list(&references, |(_, r)| r.end as i64));
    let query = query.bind(list(&references, |(_, r)| r.target.as_str()));
    let query = query.bind(list(&references, |(_, r)| r.relation.as_str()));
    let query = query.bind(list(&references, |(_, r)| r.rule.as_str()));
    query.execute(connection).await.unwrap();
}

/// A column.
fn list<'a, T, C: 'a>(items: &'a [T], of: impl Fn(&'a T) -> C) -> Vec<C> {
    items.iter().map(of).collect()
}
