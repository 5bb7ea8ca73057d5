//! Lists as one value: a JSON text that SQLite takes apart with `json_each`, an array on PostgreSQL.
//!
//! Either way the statement's text does not depend on their number, so it stays in its file and is prepared once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use muster_model::ObjectId;
use serde::Serialize;

use super::query::{PostgresQuery, SqliteQuery};
use super::{Value, text};

/// Object ids: hexadecimal text for SQLite, bytes for PostgreSQL.
pub(crate) struct ObjectIds<'a>(pub(crate) &'a [ObjectId]);

/// Texts that are stored as bytes (paths): compared and sorted byte by byte on every engine.
pub(crate) struct Utf8Bytes<'a>(pub(crate) &'a [&'a str]);

/// Numbers by number, a commit's by the commit's: `{"17": [1, 2]}`, or two arrays of which the first says 17 twice.
pub(crate) struct Grouped<'a>(pub(crate) &'a BTreeMap<i64, Vec<i64>>);

/// A list as JSON. Numbers and texts can always be written so.
pub(super) fn json<T: Serialize + ?Sized>(list: &T) -> String {
    serde_json::to_string(list).expect("numbers, texts and lists of them can be written as JSON")
}

impl Value for &[i64] {
    fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
        query.bind(json(self))
    }
    fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
        query.bind(self)
    }
}

impl Value for &[String] {
    fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
        query.bind(json(self))
    }
    fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
        query.bind(self.iter().map(|t| text::to_postgres(t)).collect::<Vec<Cow<'_, str>>>())
    }
}

impl Value for ObjectIds<'_> {
    fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
        query.bind(json(self.0))
    }
    fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
        query.bind(self.0.iter().map(ObjectId::as_bytes).collect::<Vec<&[u8]>>())
    }
}

impl Value for Utf8Bytes<'_> {
    fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
        query.bind(json(self.0))
    }
    fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
        query.bind(self.0.iter().map(|text| text.as_bytes()).collect::<Vec<&[u8]>>())
    }
}

impl Value for Grouped<'_> {
    fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
        query.bind(json(self.0))
    }
    fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
        let pairs = self.0.iter().flat_map(|(group, numbers)| numbers.iter().map(|number| (*group, *number)));
        let (groups, numbers): (Vec<i64>, Vec<i64>) = pairs.unzip();
        query.bind(groups).bind(numbers)
    }
}
