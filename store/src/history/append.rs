//! Appending commits: the bulk of what is ever written.

use std::collections::{BTreeMap, HashMap, HashSet};

use muster_model::{Commit, ObjectId, Person, Reference};
use serde::{Serialize, Serializer};
use sqlx::{Row, SqliteConnection};

use super::dictionary;
use crate::words::object_id;
use crate::{RepositoryId, StoreError, Tenant, batch};

const BEGIN: &str = include_str!("../../sql/repositories/begin_history.sql");
const KNOWN: &str = include_str!("../../sql/commits/known.sqlite.sql");
const LAST_ID: &str = include_str!("../../sql/commits/last_id.sql");
const COMPLETE: &str = include_str!("../../sql/commits/complete.sqlite.sql");
const ADD: &str = include_str!("../../sql/commits/add.sqlite.sql");
const ADD_PATHS: &str = include_str!("../../sql/commits/add_paths.sqlite.sql");
const ADD_REFERENCES: &str = include_str!("../../sql/commits/add_references.sqlite.sql");
pub(super) const ADD_PROJECTS: &str = include_str!("../../sql/commits/add_projects.sqlite.sql");

/// Paths of one commit that are stored; their true number is kept beside them.
pub const MAX_COMMIT_PATHS: usize = 10_000;

/// A commit and what its message refers to, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitRow {
    /// As read from Git.
    pub commit: Commit,
    /// As read from its message.
    pub references: Vec<Reference>,
}

/// What a batch left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// Commits that were not stored before.
    pub new: usize,
    /// Commits that were, and were left as they are.
    pub known: usize,
}

/// Commit number to the numbers of something: `{"17": [1, 2]}` for statements that take such lists apart.
pub(super) type Numbers = BTreeMap<i64, Vec<i64>>;

/// A row with its id.
type Numbered<'a> = (i64, &'a CommitRow);

/// What of a batch is to be written.
struct Sorted<'a> {
    /// Not stored, with the ids that they get.
    new: Vec<Numbered<'a>>,
    /// Stored without their paths, which are known now.
    completed: Vec<Numbered<'a>>,
}

/// The columns of `commits/add.sqlite.sql`, in its order.
#[derive(Serialize)]
struct CommitColumns<'a>(i64, ObjectId, Hex<'a>, i64, i64, i32, i64, i64, i32, &'a str, usize, bool);

/// Ids one after another.
struct Hex<'a>(&'a [ObjectId]);

impl Serialize for Hex<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text: String = self.0.iter().map(ObjectId::to_string).collect();
        serializer.serialize_str(&text)
    }
}

impl Tenant {
    /// Appends commits to a repository's history, with their paths, references and the projects that they touch.
    ///
    /// One transaction, so batches should be small (a thousand commits, 20,000 paths). Sent twice changes nothing; only
    /// where the paths of a stored commit could not be read before, and now are, they are added.
    pub async fn append_commits(
        &self,
        repository: RepositoryId,
        rows: &[CommitRow],
    ) -> Result<Appended, StoreError> {
        let mut transaction = self.write().await?;
        let connection = &mut *transaction;
        let Sorted { new, completed } = self.sort_out(connection, repository, rows).await?;
        let appended = Appended { new: new.len(), known: rows.len() - new.len() };
        if new.is_empty() && completed.is_empty() {
            return Ok(appended);
        }
        if !new.is_empty() {
            let query = sqlx::query(BEGIN).bind(self.id.as_bytes()).bind(repository.0);
            query.execute(&mut *connection).await?;
        }
        self.add_commits(connection, repository, &new).await?;
        self.add_references(connection, &new).await?;
        let counts: Vec<_> = completed.iter().map(|(id, row)| (id, row.commit.paths.len())).collect();
        batch::write(connection, COMPLETE, self.id, &counts).await?;
        let with_paths = [completed, new].concat();
        self.add_paths(connection, repository, &with_paths).await?;
        let ownership = self.ownership(connection, repository).await?;
        let touched = with_paths
            .iter()
            .map(|(id, row)| (*id, ownership.owners(stored_paths(&row.commit)).into_iter().collect()));
        self.add_numbers(connection, ADD_PROJECTS, touched).await?;
        transaction.commit().await?;
        Ok(appended)
    }

    /// What of a batch is to be written, each commit once.
    async fn sort_out<'a>(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
        rows: &'a [CommitRow],
    ) -> Result<Sorted<'a>, StoreError> {
        let ids: Vec<ObjectId> = rows.iter().map(|row| row.commit.id).collect();
        let query = sqlx::query(KNOWN).bind(self.id.as_bytes()).bind(serde_json::to_string(&ids)?);
        let (mut stored, mut seen) = (HashMap::new(), HashSet::new());
        for row in query.bind(repository.0).fetch_all(&mut *connection).await? {
            let (id, complete): (i64, bool) = (row.try_get("id")?, row.try_get("paths_complete")?);
            stored.insert(object_id(row.try_get("sha")?)?, (id, complete));
        }
        let mut next = self.last_id(connection, LAST_ID).await? + 1;
        let mut sorted = Sorted { new: Vec::new(), completed: Vec::new() };
        for row in rows.iter().filter(|row| seen.insert(row.commit.id)) {
            match stored.get(&row.commit.id) {
                None => {
                    sorted.new.push((next, row));
                    next += 1;
                }
                Some((id, false)) if row.commit.paths_complete => sorted.completed.push((*id, row)),
                Some(_) => {}
            }
        }
        Ok(sorted)
    }

    async fn add_commits(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
        rows: &[Numbered<'_>],
    ) -> Result<(), StoreError> {
        let wanted = rows.iter().flat_map(|(_, row)| [&row.commit.author, &row.commit.committer]);
        let people = self.people(connection, repository, wanted.map(who).collect()).await?;
        let columns: Vec<_> = rows
            .iter()
            .map(|(id, row)| {
                let commit = &row.commit;
                CommitColumns(
                    *id,
                    commit.id,
                    Hex(&commit.parents),
                    people[&who(&commit.author)],
                    commit.author.time.seconds,
                    commit.author.time.offset_minutes,
                    people[&who(&commit.committer)],
                    commit.committer.time.seconds,
                    commit.committer.time.offset_minutes,
                    &commit.message,
                    commit.paths.len(),
                    commit.paths_complete,
                )
            })
            .collect();
        batch::write_with(connection, ADD, self.id, &columns, repository.0).await?;
        Ok(())
    }

    async fn add_paths(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
        rows: &[Numbered<'_>],
    ) -> Result<(), StoreError> {
        let wanted = rows.iter().flat_map(|(_, row)| stored_paths(&row.commit)).collect();
        let paths = self.paths(connection, repository, wanted).await?;
        let numbers = rows.iter().map(|(id, row)| {
            let mut numbers: Vec<i64> = stored_paths(&row.commit).map(|path| paths[path]).collect();
            numbers.sort_unstable();
            numbers.dedup();
            (*id, numbers)
        });
        self.add_numbers(connection, ADD_PATHS, numbers).await
    }

    async fn add_references(
        &self,
        connection: &mut SqliteConnection,
        rows: &[Numbered<'_>],
    ) -> Result<(), StoreError> {
        let columns: Vec<_> = rows
            .iter()
            .flat_map(|(id, row)| row.references.iter().enumerate().map(move |(place, r)| (id, place, r)))
            .map(|(id, place, r)| (id, place, r.start, r.end, &r.target, r.relation.as_str(), &r.rule))
            .collect();
        batch::write(connection, ADD_REFERENCES, self.id, &columns).await?;
        Ok(())
    }

    /// Writes pairs of numbers, some ten thousand at a time; commits come in order.
    pub(super) async fn add_numbers(
        &self,
        connection: &mut SqliteConnection,
        statement: &'static str,
        pairs: impl Iterator<Item = (i64, Vec<i64>)>,
    ) -> Result<(), StoreError> {
        let (mut chunk, mut size) = (Numbers::new(), 0);
        let mut pairs = pairs.filter(|(_, numbers)| !numbers.is_empty()).peekable();
        while let Some((id, numbers)) = pairs.next() {
            size += numbers.len();
            chunk.insert(id, numbers);
            if size >= 10_000 || pairs.peek().is_none() {
                let query =
                    sqlx::query(statement).bind(self.id.as_bytes()).bind(serde_json::to_string(&chunk)?);
                query.execute(&mut *connection).await?;
                (chunk, size) = (Numbers::new(), 0);
            }
        }
        Ok(())
    }
}

fn who(person: &Person) -> dictionary::Person<'_> {
    (&person.name, &person.email)
}

/// The paths of a commit that are stored.
fn stored_paths(commit: &Commit) -> impl Iterator<Item = &str> {
    commit.paths.iter().take(MAX_COMMIT_PATHS).map(String::as_str)
}
