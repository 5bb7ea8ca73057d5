//! Deleting a tenant with every row that belongs to it, and with the key that its secrets are sealed with.
//!
//! On PostgreSQL a function of the operator does it (`migrations/postgres/0015_functions.sql`), on SQLite one file of
//! statements, run one by one; both name the tables, children before parents. A table that is missing there cannot be
//! left behind: the delete then fails at a foreign key.

use crate::database::{Pool, Role, Statement, TenantTransaction, Urgency, statement};
use crate::words::count;
use crate::{Store, StoreError, TenantId};

const DELETE: Statement = statement!(both "tenants/delete");

impl Store {
    /// Deletes a tenant, all of it or nothing; gives the number of rows that went, 0 where there was none.
    ///
    /// Whoever is adding rows now is waited for, and whoever comes later finds no tenant.
    pub async fn delete_tenant(&self, id: TenantId) -> Result<u64, StoreError> {
        let mut transaction = self.tenant(id).write(Urgency::Answer).await?;
        transaction.work_as(Role::Operator).await?;
        let rows = match self.pool {
            Pool::Sqlite(..) => delete_one_by_one(&mut transaction).await?,
            Pool::Postgres(..) => {
                let query = transaction.query(DELETE);
                count(transaction.fetch_one(query).await?.int("rows")?)
            }
        };
        transaction.commit().await?;
        Ok(rows)
    }
}

/// The first statement opens the audit log and takes no row away.
async fn delete_one_by_one(transaction: &mut TenantTransaction) -> Result<u64, StoreError> {
    let mut rows = 0;
    let statements = DELETE.sqlite.split(";\n").filter(|text| !text.trim().is_empty());
    for (place, sqlite) in statements.enumerate() {
        let query = transaction.query(Statement { sqlite, postgres: "" });
        let changed = transaction.execute(query).await?;
        rows += if place == 0 { 0 } else { changed };
    }
    Ok(rows)
}
