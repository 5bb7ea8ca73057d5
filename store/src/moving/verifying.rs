//! Comparing two databases, table by table: how many rows, and a sum of them that no order changes.

use super::Report;
use super::carrying::Reading;
use super::record::Tally;
use super::tables::TABLES;
use crate::database::Role;
use crate::{Store, StoreError, TenantId};

/// A table as it was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovedTable {
    /// Its name.
    pub name: &'static str,
    /// Its rows in the source.
    pub rows: u64,
    /// Texts of it that hold a NUL, which PostgreSQL keeps as an escape.
    pub nul_texts: u64,
    /// The sum of its rows, in the source.
    pub checksum: u128,
}

impl MovedTable {
    pub(crate) fn list(tallies: &[Tally]) -> Vec<Self> {
        let tables = TABLES.iter().zip(tallies);
        tables
            .map(|(table, tally)| Self {
                name: table.name,
                rows: tally.rows,
                nul_texts: tally.nul_texts,
                checksum: tally.sum,
            })
            .collect()
    }
}

/// Every owner of rows: the tenants, and nobody.
pub(crate) async fn owners(store: &Store) -> Result<Vec<Option<TenantId>>, StoreError> {
    let tenants = store.list_tenants().await?;
    Ok(tenants.into_iter().map(|tenant| Some(tenant.id)).chain([None]).collect())
}

/// What every table holds, in their order. Reads one state for each tenant.
pub(crate) async fn tallies(
    store: &Store,
    words: &str,
    report: Report<'_>,
) -> Result<Vec<Tally>, StoreError> {
    let mut tallies = vec![Tally::default(); TABLES.len()];
    let mut rows = 0;
    for owner in owners(store).await? {
        let mut transaction = store.pool.read_global(Role::App).await?;
        for (tally, table) in tallies.iter_mut().zip(TABLES) {
            let Some(mut reading) = Reading::begin(&mut transaction, table, owner).await? else { continue };
            while let Some(record) = reading.next().await? {
                tally.add(table, owner, &record);
                rows += 1;
                if rows % 1000 == 0 {
                    report(words, rows);
                }
            }
        }
    }
    Ok(tallies)
}

/// Does a database hold no row at all? Every row of a tenant needs the tenant's.
pub(crate) async fn is_empty(store: &Store) -> Result<bool, StoreError> {
    if !store.list_tenants().await?.is_empty() {
        return Ok(false);
    }
    let mut transaction = store.pool.read_global(Role::App).await?;
    for table in TABLES {
        let Some(mut reading) = Reading::begin(&mut transaction, table, None).await? else { continue };
        if reading.next().await?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}
