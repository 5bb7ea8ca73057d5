//! Appending commits: the bulk of what is ever written.

use std::collections::{BTreeMap, HashMap, HashSet};

use muster_model::{Commit, ObjectId, Person, Reference};

use super::dictionary;
use super::rebuild::ownership;
use crate::database::{Grouped, ObjectIds, Query, Statement, TenantTransaction, Urgency, statement};
use crate::links::note_targets;
use crate::words::{column, object_id};
use crate::{RepositoryId, Standing, StoreError, Tenant};

const BEGIN: Statement = statement!("repositories/begin_history");
const KNOWN: Statement = statement!(both "commits/known");
const LAST_ID: Statement = statement!("commits/last_id");
const COMPLETE: Statement = statement!(both "commits/complete");
const ADD: Statement = statement!(both "commits/add");
const DROP_PATHS: Statement = statement!(both "commits/drop_paths");
const DROP_PROJECTS_OF: Statement = statement!(both "commits/drop_projects_of");
const ADD_PATHS: Statement = statement!(both "commits/add_paths");
const ADD_REFERENCES: Statement = statement!(both "commits/add_references");
pub(super) const ADD_PROJECTS: Statement = statement!(both "commits/add_projects");

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

/// A row with its id.
type Numbered<'a> = (i64, &'a CommitRow);

/// What of a batch is to be written.
struct Sorted<'a> {
    /// Not stored, with the ids that they get.
    new: Vec<Numbered<'a>>,
    /// Stored without their paths, which are known now.
    completed: Vec<Numbered<'a>>,
}

impl Tenant {
    /// Appends commits to a repository's history, with their paths, references and the projects that they touch. Known ones
    /// stand as they did; the others as `standing` says.
    ///
    /// One transaction, so batches should be small (some hundred commits, 5,000 paths). Sent twice changes nothing; only
    /// where the paths of a stored commit could not be read before, and now are, they are added.
    pub async fn append_commits(
        &self,
        repository: RepositoryId,
        rows: &[CommitRow],
        standing: Standing,
    ) -> Result<Appended, StoreError> {
        let mut transaction = self.write(Urgency::Batch).await?;
        let Sorted { new, completed } = sort_out(&mut transaction, repository, rows).await?;
        let appended = Appended { new: new.len(), known: rows.len() - new.len() };
        if new.is_empty() && completed.is_empty() {
            return Ok(appended);
        }
        if !new.is_empty() {
            let query = transaction.query(BEGIN).bind(repository.0);
            transaction.execute(query).await?;
        }
        add_commits(&mut transaction, repository, &new, standing).await?;
        add_references(&mut transaction, &new).await?;
        note_targets(&mut transaction, &targets(&new)).await?;
        let nothing = |query| query;
        transaction
            .write_rows(COMPLETE, &completed, nothing, |rows| {
                Ok(rows.int(|(id, _)| *id).int(|(_, row)| column(row.commit.paths.len())))
            })
            .await?;
        // What is added below is not there yet, so nothing asks for conflicts: that would cost a fifth of a save.
        let ids: Vec<i64> = completed.iter().map(|(id, _)| *id).collect();
        transaction.write_list(DROP_PATHS, &ids, nothing).await?;
        transaction.write_list(DROP_PROJECTS_OF, &ids, nothing).await?;
        let with_paths = [completed, new].concat();
        add_paths(&mut transaction, repository, &with_paths).await?;
        let ownership = ownership(&mut transaction, repository).await?;
        let owners = |row: &CommitRow| ownership.owners(stored_paths(&row.commit)).into_iter().collect();
        let touched = with_paths.iter().map(|(id, row)| (*id, owners(row))).collect();
        add_numbers(&mut transaction, ADD_PROJECTS, touched).await?;
        transaction.commit().await?;
        Ok(appended)
    }
}

/// What of a batch is to be written, each commit once.
async fn sort_out<'a>(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    rows: &'a [CommitRow],
) -> Result<Sorted<'a>, StoreError> {
    let ids: Vec<ObjectId> = rows.iter().map(|row| row.commit.id).collect();
    let query = transaction.query(KNOWN).bind(repository.0).bind(ObjectIds(&ids)).planned_anew();
    let (mut stored, mut seen) = (HashMap::new(), HashSet::new());
    for row in transaction.fetch_all(query).await? {
        stored.insert(object_id(row.bytes("sha")?)?, (row.int("id")?, row.flag("paths_complete")?));
    }
    let mut next = transaction.last_id(LAST_ID).await? + 1;
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
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    rows: &[Numbered<'_>],
    standing: Standing,
) -> Result<(), StoreError> {
    let wanted = rows.iter().flat_map(|(_, row)| [&row.commit.author, &row.commit.committer]);
    let people = dictionary::people(transaction, repository, wanted.map(who).collect()).await?;
    let (unreachable, on_default) = (standing.unreachable_since, standing.on_default_since);
    let in_repository = |query: Query| {
        query.bind(repository.0).bind(unreachable.map(|at| at.0)).bind(on_default.map(|at| at.0))
    };
    transaction
        .write_rows(ADD, rows, in_repository, |rows| {
            Ok(rows
                .int(|(id, _)| *id)
                .bytes(|(_, row)| row.commit.id.as_bytes())
                .bytes(|(_, row)| parents(&row.commit))
                .int(|(_, row)| people[&who(&row.commit.author)])
                .int(|(_, row)| row.commit.author.time.seconds)
                .int(|(_, row)| i64::from(row.commit.author.time.offset_minutes))
                .int(|(_, row)| people[&who(&row.commit.committer)])
                .int(|(_, row)| row.commit.committer.time.seconds)
                .int(|(_, row)| i64::from(row.commit.committer.time.offset_minutes))
                .text(|(_, row)| &row.commit.message)
                .int(|(_, row)| column(row.commit.paths.len()))
                .flag(|(_, row)| row.commit.paths_complete))
        })
        .await?;
    Ok(())
}

async fn add_paths(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    rows: &[Numbered<'_>],
) -> Result<(), StoreError> {
    let wanted = rows.iter().flat_map(|(_, row)| stored_paths(&row.commit)).collect();
    let paths = dictionary::paths(transaction, repository, wanted).await?;
    let of = |row: &CommitRow| {
        let mut numbers: Vec<i64> = stored_paths(&row.commit).map(|path| paths[path]).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    };
    let numbers = rows.iter().map(|(id, row)| (*id, of(row))).collect();
    add_numbers(transaction, ADD_PATHS, numbers).await
}

async fn add_references(
    transaction: &mut TenantTransaction,
    rows: &[Numbered<'_>],
) -> Result<(), StoreError> {
    let references: Vec<(i64, usize, &Reference)> = rows
        .iter()
        .flat_map(|(id, row)| row.references.iter().enumerate().map(move |(place, r)| (*id, place, r)))
        .collect();
    write_references(transaction, &references).await
}

/// Writes references that are not there, each with its commit and its place.
pub(super) async fn write_references(
    transaction: &mut TenantTransaction,
    references: &[(i64, usize, &Reference)],
) -> Result<(), StoreError> {
    transaction
        .write_rows(
            ADD_REFERENCES,
            references,
            |query| query,
            |rows| {
                Ok(rows
                    .int(|(commit, ..)| *commit)
                    .int(|(_, place, _)| column(*place))
                    .int(|(.., reference)| column(reference.start))
                    .int(|(.., reference)| column(reference.end))
                    .text(|(.., reference)| &reference.target)
                    .text(|(.., reference)| reference.relation.as_str())
                    .text(|(.., reference)| &reference.rule))
            },
        )
        .await?;
    Ok(())
}

/// What new commits refer to, each with the first of them that does.
fn targets(rows: &[Numbered<'_>]) -> Vec<(String, i64)> {
    let mut first: BTreeMap<&str, i64> = BTreeMap::new();
    for (id, row) in rows {
        for reference in &row.references {
            first.entry(&reference.target).and_modify(|first| *first = (*first).min(*id)).or_insert(*id);
        }
    }
    first.into_iter().map(|(target, id)| (target.to_owned(), id)).collect()
}

/// Writes pairs of numbers, some ten thousand at a time; commits come in order. A list rather than an iterator: a closure
/// over references that lives while something is awaited keeps the future of every caller from being sent to another
/// thread, as one that is spawned has to be.
pub(super) async fn add_numbers(
    transaction: &mut TenantTransaction,
    statement: Statement,
    pairs: Vec<(i64, Vec<i64>)>,
) -> Result<(), StoreError> {
    let (mut chunk, mut size) = (BTreeMap::new(), 0);
    let mut pairs = pairs.into_iter().filter(|(_, numbers)| !numbers.is_empty()).peekable();
    while let Some((id, numbers)) = pairs.next() {
        size += numbers.len();
        chunk.insert(id, numbers);
        if size >= 10_000 || pairs.peek().is_none() {
            let query = transaction.query(statement).bind(Grouped(&chunk));
            transaction.execute(query).await?;
            (chunk, size) = (BTreeMap::new(), 0);
        }
    }
    Ok(())
}

fn who(person: &Person) -> dictionary::Person<'_> {
    (&person.name, &person.email)
}

/// Ids one after another, in recorded order.
fn parents(commit: &Commit) -> Vec<u8> {
    commit.parents.iter().flat_map(|id| id.as_bytes()).copied().collect()
}

/// The paths of a commit that are stored.
fn stored_paths(commit: &Commit) -> impl Iterator<Item = &str> {
    commit.paths.iter().take(MAX_COMMIT_PATHS).map(String::as_str)
}
