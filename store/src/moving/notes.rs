//! What a transfer has copied, noted in the target: a table that is there from its beginning to its end.
//!
//! A note is written in the transaction that copies, so after a kill each table of each tenant was either copied whole
//! and noted, or not at all. Made as it is needed, not by a migration: a database that is in use never has it, and an
//! audit that finds it has found a transfer that did not end.

use std::collections::HashMap;

use super::record::Tally;
use crate::database::{Role, Statement, Transaction, statement};
use crate::words::{column, count};
use crate::{Store, StoreError, TenantId};

const HAS_BEGUN: Statement = statement!(both "transfer/has_begun");
const BEGIN: Statement = statement!(both "transfer/begin");
const NOTE: Statement = statement!("transfer/note");
const NOTES: Statement = statement!("transfer/notes");
const END: Statement = statement!("transfer/end");

/// Stands for a tenant in the note that says where rows come from.
const FROM: &str = "from";

/// What was noted.
#[derive(Debug)]
pub(crate) struct Notes {
    /// The source's address, without secrets.
    pub(crate) from: String,
    copied: HashMap<(String, String), Tally>,
}

fn key(owner: Option<TenantId>) -> String {
    owner.map_or_else(String::new, |tenant| tenant.to_string())
}

impl Notes {
    /// Those of a transfer that has begun and not ended; `None` where there is none.
    pub(crate) async fn find(store: &Store) -> Result<Option<Self>, StoreError> {
        let mut transaction = store.pool.read_global(Role::Login).await?;
        let query = transaction.statement(HAS_BEGUN);
        if transaction.fetch_one(query).await?.int("found")? == 0 {
            return Ok(None);
        }
        let query = transaction.statement(NOTES);
        let mut notes = Self { from: String::new(), copied: HashMap::new() };
        for row in transaction.fetch_all(query).await? {
            let (tenant, table) = (row.text("tenant")?, row.text("table_name")?);
            if tenant == FROM {
                notes.from = table;
                continue;
            }
            let sum = row.bytes("checksum")?.try_into();
            let sum = sum.map_err(|_| StoreError::Damaged("a checksum has a wrong length"))?;
            let rows = count(row.int("row_count")?);
            let tally = Tally { rows, sum: u128::from_be_bytes(sum), nul_texts: 0 };
            notes.copied.insert((tenant, table), tally);
        }
        Ok(Some(notes))
    }

    /// Makes the table.
    pub(crate) async fn begin(store: &Store, from: &str) -> Result<Self, StoreError> {
        let mut transaction = store.pool.global(Role::Login).await?;
        let query = transaction.statement(BEGIN);
        transaction.execute(query).await?;
        write(&mut transaction, FROM, from, &Tally::default()).await?;
        transaction.commit().await?;
        Ok(Self { from: from.to_owned(), copied: HashMap::new() })
    }

    /// What was noted of a table of a tenant.
    pub(crate) fn of(&self, owner: Option<TenantId>, table: &str) -> Option<Tally> {
        self.copied.get(&(key(owner), table.to_owned())).copied()
    }

    /// What was noted of a table, all tenants together.
    pub(crate) fn total(&self, table: &str) -> Tally {
        let of_table = self.copied.iter().filter(|((_, name), _)| name == table);
        of_table.fold(Tally::default(), |total, (_, tally)| total.and(*tally))
    }

    /// Notes, in the transaction that copied it, that a table of a tenant is there.
    pub(crate) async fn put(
        &mut self,
        transaction: &mut Transaction,
        owner: Option<TenantId>,
        table: &str,
        tally: Tally,
    ) -> Result<(), StoreError> {
        transaction.work_for(Role::Login, None).await?;
        write(transaction, &key(owner), table, &tally).await?;
        self.copied.insert((key(owner), table.to_owned()), tally);
        Ok(())
    }

    /// Takes the table away: the transfer is done.
    pub(crate) async fn end(store: &Store) -> Result<(), StoreError> {
        let mut transaction = store.pool.global(Role::Login).await?;
        let query = transaction.statement(END);
        transaction.execute(query).await?;
        transaction.commit().await
    }
}

async fn write(
    transaction: &mut Transaction,
    tenant: &str,
    table: &str,
    tally: &Tally,
) -> Result<(), StoreError> {
    let query = transaction.statement(NOTE).bind(tenant).bind(table).bind(column(tally.rows));
    let query = query.bind(&tally.sum.to_be_bytes()[..]);
    transaction.execute(query).await.map(drop)
}
