//! Batches: many rows in one parameter of one fixed statement.
//!
//! Rows travel as a JSON array that the statement takes apart (`json_each`). The statement's text does not depend on
//! their number, so it stays in its file, is prepared once, and no limit on parameters applies. Measured beside
//! multi-row `values` in `benches/save`.

use serde::Serialize;
use sqlx::SqliteConnection;

use crate::{StoreError, TenantId};

/// Rows that one statement takes: bounds the memory of one batch, not its speed.
const ROWS: usize = 1000;

/// Runs `statement` over all rows: `$1` is the tenant, `$2` the rows as a JSON array. Gives the rows changed.
pub(crate) async fn write<T: Serialize>(
    connection: &mut SqliteConnection,
    statement: &'static str,
    tenant: TenantId,
    rows: &[T],
) -> Result<u64, StoreError> {
    let mut changed = 0;
    for chunk in rows.chunks(ROWS) {
        let json = serde_json::to_string(chunk)?;
        let done =
            sqlx::query(statement).bind(tenant.as_bytes()).bind(json).execute(&mut *connection).await?;
        changed += done.rows_affected();
    }
    Ok(changed)
}

/// The same with `$3`, a number (a repository's id, a time).
pub(crate) async fn write_with<T: Serialize>(
    connection: &mut SqliteConnection,
    statement: &'static str,
    tenant: TenantId,
    rows: &[T],
    third: i64,
) -> Result<u64, StoreError> {
    let mut changed = 0;
    for chunk in rows.chunks(ROWS) {
        let json = serde_json::to_string(chunk)?;
        let query = sqlx::query(statement).bind(tenant.as_bytes()).bind(json).bind(third);
        changed += query.execute(&mut *connection).await?.rows_affected();
    }
    Ok(changed)
}
