//! The users of a tenant.

use super::EmailAddress;
use crate::database::{Row, Statement, TenantTransaction, statement};
use crate::lists::asked;
use crate::words::word;
use crate::{AccessRole, Page, StoreError, Tenant, Timestamp, UserId};

const FIND: Statement = statement!("users/find");
const LIST: Statement = statement!("users/list");

/// Which users to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Those that were removed too.
    pub removed: bool,
    /// The rows of a page; 0 for as many as a page holds.
    pub limit: usize,
    /// The last row of the page before.
    pub after: Option<UserId>,
}

/// A stored user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// His id.
    pub id: UserId,
    /// His address.
    pub email: EmailAddress,
    /// His name; empty where none was given.
    pub full_name: String,
    /// What he may do.
    pub role: AccessRole,
    /// False once he was removed.
    pub is_active: bool,
    /// When he last logged in.
    pub last_login_at: Option<Timestamp>,
    /// When he was first added.
    pub created_at: Timestamp,
}

impl UserRecord {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: UserId(row.int("id")?),
            email: EmailAddress::from_stored(row.text("email")?),
            full_name: row.text("full_name")?,
            role: word(row.word("role")?)?,
            is_active: row.flag("is_active")?,
            last_login_at: row.maybe_int("last_login_at")?.map(Timestamp),
            created_at: Timestamp(row.int("created_at")?),
        })
    }
}

/// The user of an address, active or not.
pub(super) async fn find(
    transaction: &mut TenantTransaction,
    email: &EmailAddress,
) -> Result<Option<UserRecord>, StoreError> {
    let query = transaction.query(FIND).bind(email.as_str());
    transaction.fetch_optional(query).await?.as_ref().map(UserRecord::from_row).transpose()
}

impl Tenant {
    /// The tenant's user of an address, active or not.
    pub async fn find_user(&self, email: &EmailAddress) -> Result<Option<UserRecord>, StoreError> {
        find(&mut self.read().await?, email).await
    }

    /// The tenant's users, in the order in which they were first added.
    pub async fn list_users(&self, filter: &UserFilter) -> Result<Page<UserRecord, UserId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let after = filter.after.map_or(0, |after| after.0);
        let query = transaction.query(LIST).bind(after).bind(filter.removed).bind(limit);
        let rows = transaction.fetch_all(query).await?;
        let items = rows.iter().map(UserRecord::from_row).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, size, |record: &UserRecord| record.id))
    }
}
