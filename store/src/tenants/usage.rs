//! What a tenant has: counts of its rows, for a person who looks at it.

use crate::database::{Statement, statement};
use crate::words::count;
use crate::{StoreError, Tenant};

const COUNT: Statement = statement!("tenants/count");

/// How many rows a tenant has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TenantUsage {
    /// Users that may log in.
    pub users: u64,
    /// Connected repositories.
    pub repositories: u64,
    /// Open projects, those of every role and those beyond the quota too.
    pub projects: u64,
    /// Open projects that are beyond the quota.
    pub over_quota: u64,
    /// Tasks that are in the files now, whatever their state.
    pub tasks: u64,
    /// Stored commits.
    pub commits: u64,
}

impl Tenant {
    /// How many rows the tenant has; all zero where it is not there.
    pub async fn usage(&self) -> Result<TenantUsage, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(COUNT);
        let row = transaction.fetch_one(query).await?;
        let number = |column| Ok::<_, StoreError>(count(row.int(column)?));
        Ok(TenantUsage {
            users: number("users")?,
            repositories: number("repositories")?,
            projects: number("projects")?,
            over_quota: number("over_quota")?,
            tasks: number("tasks")?,
            commits: number("commits")?,
        })
    }
}
