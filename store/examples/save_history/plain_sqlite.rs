//! The plain insert on SQLite: statements of as many `values` as parameters allow.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, QueryBuilder, Sqlite, SqliteConnection};

use crate::plain::Prepared;

/// Parameters of one statement; SQLite's own limit is 32,766.
const PARAMETERS: usize = 30_000;

/// Inserts all rows in transactions of `batch` commits.
pub(crate) async fn insert(ready: &Prepared<'_>, connection: &mut SqliteConnection, batch: usize) {
    let tenant = ready.tenant.0.as_bytes().to_vec();
    let mut transaction = connection.begin_with("begin immediate").await.unwrap();
    let people: Vec<_> = ready.people.iter().collect();
    many(
        &mut transaction,
        "insert into people (tenant_id, id, repository_id, name, email) ",
        5,
        &people,
        |row, p| {
            row.push_bind(&tenant)
                .push_bind(p.1)
                .push_bind(ready.repository)
                .push_bind(p.0.0)
                .push_bind(p.0.1);
        },
    )
    .await;
    let paths: Vec<_> = ready.paths.iter().collect();
    many(
        &mut transaction,
        "insert into paths (tenant_id, id, repository_id, bytes) ",
        4,
        &paths,
        |row, p| {
            row.push_bind(&tenant).push_bind(p.1).push_bind(ready.repository).push_bind(p.0.as_bytes());
        },
    )
    .await;
    transaction.commit().await.unwrap();
    let all: Vec<usize> = (0..ready.rows.len()).collect();
    for batch in all.chunks(batch) {
        let mut transaction = connection.begin_with("begin immediate").await.unwrap();
        commits(ready, &mut transaction, batch).await;
        let pairs = |lists| Prepared::pairs(batch, lists).collect::<Vec<_>>();
        let bind = |row: &mut Row<'_>, pair: &(i64, i64)| {
            row.push_bind(&tenant).push_bind(pair.0).push_bind(pair.1);
        };
        let sql = "insert into commit_paths (tenant_id, commit_id, path_id) ";
        many(&mut transaction, sql, 3, &pairs(&ready.commit_paths), |row, pair| bind(row, pair)).await;
        let sql = "insert into commit_projects (tenant_id, commit_id, project_id) ";
        many(&mut transaction, sql, 3, &pairs(&ready.commit_projects), |row, pair| bind(row, pair)).await;
        transaction.commit().await.unwrap();
    }
}

async fn commits(ready: &Prepared<'_>, connection: &mut SqliteConnection, batch: &[usize]) {
    let tenant = ready.tenant.0.as_bytes().to_vec();
    let sql = "insert into commits (tenant_id, id, repository_id, sha, parents, author_id, authored_at, \
        authored_offset, committer_id, committed_at, committed_offset, message, path_count, paths_complete) ";
    many(connection, sql, 14, batch, |row, n| {
        let commit = &ready.rows[*n].commit;
        row.push_bind(&tenant).push_bind(*n as i64 + 1).push_bind(ready.repository);
        row.push_bind(commit.id.as_bytes().to_vec()).push_bind(&ready.parents[*n]);
        row.push_bind(ready.person(&commit.author)).push_bind(commit.author.time.seconds);
        row.push_bind(commit.author.time.offset_minutes).push_bind(ready.person(&commit.committer));
        row.push_bind(commit.committer.time.seconds).push_bind(commit.committer.time.offset_minutes);
        row.push_bind(&commit.message).push_bind(commit.paths.len() as i64).push_bind(commit.paths_complete);
    })
    .await;
    let references: Vec<_> =
        batch.iter().flat_map(|n| ready.rows[*n].references.iter().map(move |r| (*n, r))).collect();
    let sql = "insert into commit_references (tenant_id, commit_id, place, span_start, span_end, target, \
        relation, rule, resolved) ";
    many(connection, sql, 9, &references, |row, (n, r)| {
        row.push_bind(&tenant).push_bind(*n as i64 + 1).push_bind(0).push_bind(r.start as i64);
        row.push_bind(r.end as i64).push_bind(&r.target).push_bind(r.relation.as_str());
        row.push_bind(&r.rule).push_bind(false);
    })
    .await;
}

type Row<'a> = sqlx::query_builder::Separated<'a, Sqlite, &'static str>;

/// As many rows in one statement as its parameters allow.
async fn many<T>(
    connection: &mut SqliteConnection,
    sql: &str,
    columns: usize,
    rows: &[T],
    mut bind: impl FnMut(&mut Row<'_>, &T),
) {
    for chunk in rows.chunks(PARAMETERS / columns) {
        let mut builder = QueryBuilder::<Sqlite>::new(sql);
        builder.push_values(chunk, |mut row, value| bind(&mut row, value));
        builder.build().execute(&mut *connection).await.unwrap();
    }
}

/// A connection with the store's own pragmas.
pub(crate) async fn connect(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "memory");
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Tables and indexes with their bytes, greatest first.
pub(crate) async fn sizes(connection: &mut SqliteConnection) -> Vec<(String, i64)> {
    let sql = "select name, sum(pgsize) from dbstat group by name order by 2 desc";
    sqlx::query_as(sql).fetch_all(connection).await.unwrap()
}

pub(crate) async fn close(connection: SqliteConnection) {
    connection.close().await.unwrap();
}
