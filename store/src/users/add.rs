//! Adding a user, within the tenant's quota.
//!
//! Active users are counted while the tenant's row is locked: on PostgreSQL by `tenant_lock()`, on SQLite by the right
//! to write. Whoever raises or lowers the quota waits for the same row.

use serde_json::json;

use super::list::find;
use super::{EmailAddress, UserError};
use crate::audit_log::{Actor, Entry, append};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::words::count;
use crate::{AccessRole, StoreError, Tenant, Timestamp, UserId};

const LIMIT: Statement = statement!(both "users/limit");
const COUNT: Statement = statement!("users/count");
const LAST_ID: Statement = statement!("users/last_id");
const ADD: Statement = statement!("users/add");
pub(super) const CHANGE: Statement = statement!("users/change");

/// The most characters of a name.
const LONGEST_NAME: usize = 200;

/// A user to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// His address.
    pub email: EmailAddress,
    /// His name; where there is none, one that is known from before is kept.
    pub full_name: Option<String>,
    /// What he may do.
    pub role: AccessRole,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddedUser {
    /// His id.
    pub id: UserId,
    /// He had been removed before and is back, under the id that he had.
    pub is_back: bool,
}

impl Tenant {
    /// Adds a user, or takes up one again who was removed. [`StoreError::QuotaReached`] where the tenant has as many
    /// active ones as it may have.
    pub async fn add_user(
        &self,
        new: &NewUser,
        now: Timestamp,
        actor: &Actor,
    ) -> Result<AddedUser, UserError> {
        let name = new.full_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        if name.is_some_and(|name| name.chars().count() > LONGEST_NAME || name.contains(char::is_control)) {
            return Err(UserError::NotAName);
        }
        let mut transaction = self.write(Urgency::Answer).await?;
        let known = find(&mut transaction, &new.email).await?;
        if known.as_ref().is_some_and(|user| user.is_active) {
            return Err(UserError::AlreadyThere(new.email.clone()));
        }
        check_quota(&mut transaction).await?;
        let added = match &known {
            Some(user) => {
                let query = transaction
                    .query(CHANGE)
                    .bind(user.id.0)
                    .bind(name.unwrap_or(&user.full_name))
                    .bind(new.role.as_str())
                    .bind(true);
                transaction.execute(query).await?;
                AddedUser { id: user.id, is_back: true }
            }
            None => {
                let id = transaction.last_id(LAST_ID).await? + 1;
                let query = transaction
                    .query(ADD)
                    .bind(id)
                    .bind(new.email.as_str())
                    .bind(name.unwrap_or(""))
                    .bind(new.role.as_str())
                    .bind(now.0);
                transaction.execute(query).await?;
                AddedUser { id: UserId(id), is_back: false }
            }
        };
        let entry = Entry {
            at: now,
            actor,
            action: "user.add",
            subject: format!("user:{}", added.id),
            details: json!({ "email": new.email.as_str(), "role": new.role, "is_back": added.is_back }),
        };
        append(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(added)
    }
}

/// Refuses where there is no room for one more. Holds until the transaction ends.
async fn check_quota(transaction: &mut TenantTransaction) -> Result<(), StoreError> {
    let query = transaction.query(LIMIT);
    let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchTenant)?;
    let Some(limit) = row.maybe_int("max_users")?.map(count) else { return Ok(()) };
    // A statement of its own: it has to see what was committed while this one waited for the lock.
    let query = transaction.query(COUNT);
    let active = count(transaction.fetch_one(query).await?.int("users")?);
    if active < limit { Ok(()) } else { Err(StoreError::QuotaReached { what: "users", limit }) }
}
