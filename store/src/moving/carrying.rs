//! Reading and writing the rows of one table: from one state of the database, and in batches that are bounded by bytes
//! as well as by number.

use super::record::{self, Record};
use super::table::Table;
use crate::database::{Query, Row, RowStream, Statement, Transaction};
use crate::{StoreError, TenantId};

/// A batch is written when it has so many rows,
const ROWS: usize = 1000;
/// or when it takes about so many bytes: a body may have millions, and a batch is in memory some four times over.
const BYTES: usize = 4 << 20;

/// The rows of a table, sorted by key: those of a tenant, or those of none.
pub(crate) struct Reading<'t> {
    table: &'static Table,
    rows: RowStream<'t>,
}

impl<'t> Reading<'t> {
    /// Begins to read. `None` where the table holds no rows without a tenant and such were asked for.
    pub(crate) async fn begin(
        transaction: &'t mut Transaction,
        table: &'static Table,
        owner: Option<TenantId>,
    ) -> Result<Option<Self>, StoreError> {
        let query = match (owner, table.unowned) {
            (Some(_), _) => {
                transaction.work_for(table.role, owner).await?;
                transaction.statement(table.read).bind(owner)
            }
            (None, Some((role, statement))) => {
                transaction.work_for(role, None).await?;
                transaction.statement(statement)
            }
            (None, None) => return Ok(None),
        };
        Ok(Some(Self { table, rows: transaction.fetch(query) }))
    }

    /// The next row.
    pub(crate) async fn next(&mut self) -> Result<Option<Record>, StoreError> {
        let row: Option<Row> = self.rows.next().await?;
        row.map(|row| record::from_row(self.table, &row)).transpose()
    }
}

/// Rows that wait to be written to one table.
#[derive(Debug)]
pub(crate) struct Writing {
    table: &'static Table,
    owner: Option<TenantId>,
    /// Ids are given anew, in the order of the rows.
    anew: bool,
    records: Vec<Record>,
    bytes: usize,
}

impl Writing {
    /// Takes the role that may write the table.
    pub(crate) async fn begin(
        transaction: &mut Transaction,
        table: &'static Table,
        owner: Option<TenantId>,
        anew: bool,
    ) -> Result<Self, StoreError> {
        let role = table.unowned.filter(|_| owner.is_none()).map_or(table.role, |(role, _)| role);
        transaction.work_for(role, owner).await?;
        Ok(Self { table, owner, anew, records: Vec::new(), bytes: 0 })
    }

    /// Adds a row.
    pub(crate) async fn push(
        &mut self,
        transaction: &mut Transaction,
        record: Record,
    ) -> Result<(), StoreError> {
        self.bytes += record::size(&record);
        self.records.push(record);
        if self.records.len() >= ROWS || self.bytes >= BYTES {
            self.flush(transaction).await?;
        }
        Ok(())
    }

    /// Writes what waits.
    pub(crate) async fn flush(&mut self, transaction: &mut Transaction) -> Result<(), StoreError> {
        if self.records.is_empty() {
            return Ok(());
        }
        let query = self.query(transaction);
        let written = transaction.execute(query).await?;
        if written != self.records.len() as u64 {
            // An installation of another tenant: every other key that is taken is a violation.
            return Err(StoreError::AlreadyThere);
        }
        self.records.clear();
        self.bytes = 0;
        Ok(())
    }

    fn query(&self, transaction: &Transaction) -> Query {
        let anew: Option<Statement> = self.table.add_anew.filter(|_| self.anew);
        let rows = record::describe(self.table, &self.records, anew.map(|_| "id"));
        transaction.statement(anew.unwrap_or(self.table.add)).bind(self.owner).bind(rows)
    }
}
