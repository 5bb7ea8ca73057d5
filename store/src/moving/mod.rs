//! Moving: a tenant into a file and back, a whole database to another.
//!
//! One list of tables with their columns (`tables.rs`), one way to read them and one to write them; export, import and
//! transfer differ only in what stands between. On PostgreSQL all rows are reached as the run-time roles reach them,
//! one tenant at a time, and never past row-level security:
//!
//! - `muster_app`: tables of tenants, and the queue's rows of the tenant;
//! - `muster_operator`: tenants, data keys, tokens, hook keys and installations, through
//!   functions named export_ and import_;
//! - `muster_queue`: deliveries and jobs of no tenant, in a transfer;
//! - the login itself: nothing but the table that a transfer keeps its notes in, and migrations.

mod carrying;
mod export;
mod export_file;
mod import;
mod line;
mod notes;
mod record;
mod resealing;
mod table;
mod tables;
mod transfer;
mod verifying;

#[cfg(test)]
mod texts;

pub use export::{ExportError, ExportSummary};
pub use export_file::{ExportFileError, check_export};
pub use import::{ImportError, ImportOptions, Imported, LeftBehind};
pub use line::ExportHead;
pub use tables::{MovedColumn, moved_columns};
pub use transfer::{Transfer, TransferError, TransferPlan};
pub use verifying::MovedTable;

/// Told now and then how far it is: what is being done, and the number of rows so far.
pub type Report<'a> = &'a (dyn Fn(&str, u64) + Sync);
