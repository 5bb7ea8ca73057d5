//! Dictionaries: people and paths are written once and named by small numbers.
//!
//! A batch asks for the numbers of all its texts at once and adds those that are missing; the write lock is held, so
//! nobody adds the same ones in between.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::words::column;
use crate::{RepositoryId, StoreError, Tenant};

const FIND_PEOPLE: &str = include_str!("../../sql/people/find.sqlite.sql");
const ADD_PEOPLE: &str = include_str!("../../sql/people/add.sqlite.sql");
const LAST_PERSON: &str = include_str!("../../sql/people/last_id.sql");
const FIND_PATHS: &str = include_str!("../../sql/paths/find.sqlite.sql");
const ADD_PATHS: &str = include_str!("../../sql/paths/add.sqlite.sql");
const LAST_PATH: &str = include_str!("../../sql/paths/last_id.sql");

/// Name and email.
pub(super) type Person<'a> = (&'a str, &'a str);

/// The statements of one dictionary.
struct Statements {
    find: &'static str,
    add: &'static str,
    last: &'static str,
}

impl Tenant {
    pub(super) async fn people<'a>(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
        wanted: BTreeSet<Person<'a>>,
    ) -> Result<HashMap<Person<'a>, i64>, StoreError> {
        let statements = Statements { find: FIND_PEOPLE, add: ADD_PEOPLE, last: LAST_PERSON };
        self.numbers(connection, repository, statements, wanted).await
    }

    pub(super) async fn paths<'a>(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
        wanted: BTreeSet<&'a str>,
    ) -> Result<HashMap<&'a str, i64>, StoreError> {
        let statements = Statements { find: FIND_PATHS, add: ADD_PATHS, last: LAST_PATH };
        self.numbers(connection, repository, statements, wanted).await
    }

    async fn numbers<T: Copy + Eq + Hash + Serialize>(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
        statements: Statements,
        wanted: BTreeSet<T>,
    ) -> Result<HashMap<T, i64>, StoreError> {
        let wanted: Vec<T> = wanted.into_iter().collect();
        let mut numbers = HashMap::with_capacity(wanted.len());
        for chunk in wanted.chunks(5000) {
            let query = sqlx::query(statements.find).bind(self.id.as_bytes());
            let query = query.bind(serde_json::to_string(chunk)?).bind(repository.0);
            for row in query.fetch_all(&mut *connection).await? {
                let (place, id) = place_and_id(&row)?;
                let text =
                    chunk.get(place).ok_or(StoreError::Damaged("a dictionary gave an unknown place"))?;
                numbers.insert(*text, id);
            }
        }
        let missing: Vec<T> = wanted.into_iter().filter(|text| !numbers.contains_key(text)).collect();
        if missing.is_empty() {
            return Ok(numbers);
        }
        let last = self.last_id(connection, statements.last).await?;
        for (chunk_number, chunk) in missing.chunks(5000).enumerate() {
            let first = last + 1 + column(chunk_number * 5000);
            let query = sqlx::query(statements.add).bind(self.id.as_bytes());
            let query = query.bind(serde_json::to_string(chunk)?).bind(repository.0).bind(first);
            query.execute(&mut *connection).await?;
            numbers.extend(chunk.iter().enumerate().map(|(n, text)| (*text, first + column(n))));
        }
        Ok(numbers)
    }
}

fn place_and_id(row: &SqliteRow) -> Result<(usize, i64), StoreError> {
    let place: i64 = row.try_get(0)?;
    Ok((usize::try_from(place).unwrap_or(usize::MAX), row.try_get(1)?))
}
