//! The two engines behind one door: SQLite in a file, PostgreSQL on a server.
//!
//! What differs between them stands in this folder and in pairs of `.sqlite.sql` and `.postgres.sql`; everything above
//! says *which* statement with *which* values, and does not know where it runs. An enumeration of two rather than a
//! generic parameter: the engine is chosen by an address at run time, and both must always compile.

mod bodies;
#[cfg(test)]
mod leaks;
mod lists;
mod open_file;
mod pool;
mod query;
mod row;
mod rows;
mod statement;
mod stream;
mod suspicion;
mod tenant_writers;
mod text;
mod transaction;
mod writers;

pub(crate) use bodies::Bodies;
pub(crate) use lists::{Grouped, ObjectIds, Utf8Bytes};
pub(crate) use open_file::OpenFile;
pub(crate) use pool::{Pool, Role, connect_within, sqlite_pool};
pub(crate) use query::{Query, Value};
pub(crate) use row::Row;
pub(crate) use rows::Rows;
pub(crate) use statement::{Statement, statement};
pub(crate) use stream::RowStream;
pub(crate) use suspicion::Suspicion;
pub(crate) use tenant_writers::TenantWriters;
pub(crate) use transaction::{TenantTransaction, Transaction, Writing};
pub(crate) use writers::{Urgency, Writers};
