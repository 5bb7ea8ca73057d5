//! Dictionaries: people and paths are written once and named by small numbers.
//!
//! A batch asks for the numbers of all its texts at once and adds those that are missing; the write lock is held, so
//! nobody adds the same ones in between.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use crate::database::{Query, Rows, Statement, TenantTransaction, Utf8Bytes, statement};
use crate::words::column;
use crate::{RepositoryId, StoreError};

const FIND_PEOPLE: Statement = statement!(both "people/find");
const ADD_PEOPLE: Statement = statement!(both "people/add");
const LAST_PERSON: Statement = statement!("people/last_id");
const FIND_PATHS: Statement = statement!(both "paths/find");
const ADD_PATHS: Statement = statement!(both "paths/add");
const LAST_PATH: Statement = statement!("paths/last_id");

/// Texts of one statement.
const CHUNK: usize = 5000;

/// Name and email.
pub(super) type Person<'a> = (&'a str, &'a str);

/// A dictionary: its statements, and how a list of its texts is bound to them.
struct Dictionary<T> {
    find: Statement,
    add: Statement,
    last: Statement,
    bind: fn(Query, &[T]) -> Query,
}

/// The numbers of people.
pub(super) async fn people<'a>(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    wanted: BTreeSet<Person<'a>>,
) -> Result<HashMap<Person<'a>, i64>, StoreError> {
    let bind: fn(Query, &[Person<'a>]) -> Query =
        |query, people| query.bind(Rows::of(people).text(|(name, _)| name).text(|(_, email)| email));
    let people = Dictionary { find: FIND_PEOPLE, add: ADD_PEOPLE, last: LAST_PERSON, bind };
    people.numbers(transaction, repository, wanted).await
}

/// The numbers of paths.
pub(super) async fn paths<'a>(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    wanted: BTreeSet<&'a str>,
) -> Result<HashMap<&'a str, i64>, StoreError> {
    let bind: fn(Query, &[&'a str]) -> Query = |query, paths| query.bind(Utf8Bytes(paths));
    let paths = Dictionary { find: FIND_PATHS, add: ADD_PATHS, last: LAST_PATH, bind };
    paths.numbers(transaction, repository, wanted).await
}

impl<T: Copy + Eq + Hash> Dictionary<T> {
    async fn numbers(
        &self,
        transaction: &mut TenantTransaction,
        repository: RepositoryId,
        wanted: BTreeSet<T>,
    ) -> Result<HashMap<T, i64>, StoreError> {
        let wanted: Vec<T> = wanted.into_iter().collect();
        let mut numbers = HashMap::with_capacity(wanted.len());
        for chunk in wanted.chunks(CHUNK) {
            let query = (self.bind)(transaction.query(self.find).bind(repository.0), chunk);
            let ids = transaction.fetch_one(query.planned_anew()).await?.maybe_ints("ids")?;
            if ids.len() != chunk.len() {
                return Err(StoreError::Damaged(
                    "a dictionary gave another number of ids than was asked for",
                ));
            }
            numbers.extend(chunk.iter().zip(ids).filter_map(|(text, id)| Some((*text, id?))));
        }
        let missing: Vec<T> = wanted.into_iter().filter(|text| !numbers.contains_key(text)).collect();
        if missing.is_empty() {
            return Ok(numbers);
        }
        let mut next = transaction.last_id(self.last).await? + 1;
        for chunk in missing.chunks(CHUNK) {
            let query = transaction.query(self.add).bind(repository.0).bind(next);
            transaction.execute((self.bind)(query, chunk)).await?;
            numbers.extend(chunk.iter().enumerate().map(|(n, text)| (*text, next + column(n))));
            next += column(chunk.len());
        }
        Ok(numbers)
    }
}
