//! The plain insert: the same rows, ready to be bound, by statements of many `values`.

use std::collections::BTreeMap;
use std::path::Path;

use muster_store::{CommitRow, RepositoryId, TenantId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, QueryBuilder, Sqlite, SqliteConnection};

/// Parameters of one statement; SQLite's own limit is 32,766.
const PARAMETERS: usize = 30_000;

/// Rows of all tables, with their numbers.
pub(crate) struct Prepared<'a> {
    tenant: Vec<u8>,
    repository: i64,
    rows: &'a [CommitRow],
    parents: Vec<Vec<u8>>,
    people: BTreeMap<(&'a str, &'a str), i64>,
    paths: BTreeMap<&'a str, i64>,
    commit_paths: Vec<Vec<i64>>,
    commit_projects: Vec<Vec<i64>>,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(rows: &'a [CommitRow], tenant: TenantId, repository: RepositoryId) -> Self {
        let (mut people, mut paths) = (BTreeMap::new(), BTreeMap::new());
        for row in rows {
            for person in [&row.commit.author, &row.commit.committer] {
                let next = people.len() as i64 + 1;
                people.entry((person.name.as_str(), person.email.as_str())).or_insert(next);
            }
            for path in &row.commit.paths {
                let next = paths.len() as i64 + 1;
                paths.entry(path.as_str()).or_insert(next);
            }
        }
        let sorted = |mut numbers: Vec<i64>| {
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        };
        let owner = |path: &str| match path.strip_prefix("packages/package-") {
            Some(rest) => rest[..2].parse::<i64>().unwrap() + 2,
            None => 1,
        };
        let numbers = |of: &dyn Fn(&str) -> i64| {
            rows.iter().map(|row| sorted(row.commit.paths.iter().map(|path| of(path)).collect())).collect()
        };
        Self {
            tenant: tenant.0.as_bytes().to_vec(),
            repository: repository.0,
            rows,
            parents: rows
                .iter()
                .map(|row| row.commit.parents.iter().flat_map(|id| id.as_bytes().to_vec()).collect())
                .collect(),
            commit_paths: numbers(&|path| paths[path]),
            commit_projects: numbers(&owner),
            people,
            paths,
        }
    }

    pub(crate) async fn insert(&self, connection: &mut SqliteConnection, batch: usize) {
        let mut transaction = connection.begin_with("begin immediate").await.unwrap();
        let people: Vec<_> = self.people.iter().collect();
        many(
            &mut transaction,
            "insert into people (tenant_id, id, repository_id, name, email) ",
            5,
            &people,
            |row, p| {
                row.push_bind(&self.tenant)
                    .push_bind(p.1)
                    .push_bind(self.repository)
                    .push_bind(p.0.0)
                    .push_bind(p.0.1);
            },
        )
        .await;
        let paths: Vec<_> = self.paths.iter().collect();
        many(
            &mut transaction,
            "insert into paths (tenant_id, id, repository_id, bytes) ",
            4,
            &paths,
            |row, p| {
                row.push_bind(&self.tenant)
                    .push_bind(p.1)
                    .push_bind(self.repository)
                    .push_bind(p.0.as_bytes());
            },
        )
        .await;
        transaction.commit().await.unwrap();
        let all: Vec<usize> = (0..self.rows.len()).collect();
        for batch in all.chunks(batch) {
            let mut transaction = connection.begin_with("begin immediate").await.unwrap();
            self.commits(&mut transaction, batch).await;
            let pairs = |lists: &[Vec<i64>]| -> Vec<(i64, i64)> {
                batch.iter().flat_map(|n| lists[*n].iter().map(|other| (*n as i64 + 1, *other))).collect()
            };
            let bind = |row: &mut Row<'_>, pair: &(i64, i64)| {
                row.push_bind(&self.tenant).push_bind(pair.0).push_bind(pair.1);
            };
            let sql = "insert into commit_paths (tenant_id, commit_id, path_id) ";
            many(&mut transaction, sql, 3, &pairs(&self.commit_paths), |row, pair| bind(row, pair)).await;
            let sql = "insert into commit_projects (tenant_id, commit_id, project_id) ";
            many(&mut transaction, sql, 3, &pairs(&self.commit_projects), |row, pair| bind(row, pair)).await;
            transaction.commit().await.unwrap();
        }
    }

    async fn commits(&self, connection: &mut SqliteConnection, batch: &[usize]) {
        let sql = "insert into commits (tenant_id, id, repository_id, sha, parents, author_id, authored_at, \
            authored_offset, committer_id, committed_at, committed_offset, message, path_count, paths_complete) ";
        many(connection, sql, 14, batch, |row, n| {
            let commit = &self.rows[*n].commit;
            let id =
                |person: &muster_model::Person| self.people[&(person.name.as_str(), person.email.as_str())];
            row.push_bind(&self.tenant).push_bind(*n as i64 + 1).push_bind(self.repository);
            row.push_bind(commit.id.as_bytes().to_vec()).push_bind(&self.parents[*n]);
            row.push_bind(id(&commit.author)).push_bind(commit.author.time.seconds);
            row.push_bind(commit.author.time.offset_minutes).push_bind(id(&commit.committer));
            row.push_bind(commit.committer.time.seconds).push_bind(commit.committer.time.offset_minutes);
            row.push_bind(&commit.message)
                .push_bind(commit.paths.len() as i64)
                .push_bind(commit.paths_complete);
        })
        .await;
        let references: Vec<_> =
            batch.iter().flat_map(|n| self.rows[*n].references.iter().map(move |r| (*n, r))).collect();
        let sql = "insert into commit_references (tenant_id, commit_id, place, span_start, span_end, target, \
            relation, rule, resolved) ";
        many(connection, sql, 9, &references, |row, (n, r)| {
            row.push_bind(&self.tenant).push_bind(*n as i64 + 1).push_bind(0).push_bind(r.start as i64);
            row.push_bind(r.end as i64).push_bind(&r.target).push_bind(r.relation.as_str());
            row.push_bind(&r.rule).push_bind(false);
        })
        .await;
    }
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
