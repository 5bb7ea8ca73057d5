//! Long bytes of many rows: an array on PostgreSQL, one value end to end on SQLite.
//!
//! In JSON they would be hexadecimal text: twice as long, written, parsed and turned back. From one value SQLite's `substr`
//! copies each body once; where it begins and how long it is are columns of its row.

use super::Value;
use super::query::{PostgresQuery, SqliteQuery};

/// The bodies of a batch.
pub(crate) struct Bodies<'a>(pub(crate) Vec<&'a [u8]>);

impl Bodies<'_> {
    /// Where each begins, counted from 1, as `substr` does.
    pub(crate) fn begins(&self) -> Vec<i64> {
        let mut next = 1;
        let begin = |body: &&[u8]| {
            let begin = next;
            next += body.len() as i64;
            begin
        };
        self.0.iter().map(begin).collect()
    }
}

impl Value for Bodies<'_> {
    fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
        let mut bytes = self.0.concat();
        bytes.push(0); // `substr` of an empty value is null
        query.bind(bytes)
    }
    fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
        query.bind(self.0)
    }
}
