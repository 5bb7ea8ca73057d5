//! Changing what a user may do, and removing one.

use serde_json::json;

use super::add::CHANGE;
use super::list::find;
use super::{EmailAddress, UserError, UserRecord};
use crate::audit_log::{Actor, Entry, append};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::tokens::revoke_those_of_user;
use crate::{AccessRole, Tenant, Timestamp, TokenId, UserId};

const OTHER_OWNERS: Statement = statement!("users/other_owners");

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedRole {
    /// Whose role.
    pub id: UserId,
    /// What it was.
    pub before: AccessRole,
    /// The tokens that were revoked because they allowed more than the new role.
    pub revoked: Vec<TokenId>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedUser {
    /// Who was removed.
    pub id: UserId,
    /// The tokens that were revoked.
    pub revoked: Vec<TokenId>,
}

impl Tenant {
    /// Gives an active user another role. Tokens of his that allow more are revoked. The last owner stays one.
    pub async fn change_user_role(
        &self,
        email: &EmailAddress,
        role: AccessRole,
        now: Timestamp,
        actor: &Actor,
    ) -> Result<ChangedRole, UserError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let user = find_active(&mut transaction, email).await?;
        let before = user.role;
        if before == role {
            return Ok(ChangedRole { id: user.id, before, revoked: Vec::new() });
        }
        keep_an_owner(&mut transaction, &user).await?;
        let query =
            transaction.query(CHANGE).bind(user.id.0).bind(&user.full_name).bind(role.as_str()).bind(true);
        transaction.execute(query).await?;
        let revoked = revoke_those_of_user(&mut transaction, user.id, |allowed| allowed > role, now).await?;
        let details =
            json!({ "email": email.as_str(), "before": before, "role": role, "revoked_tokens": revoked });
        let subject = format!("user:{}", user.id);
        append(&mut transaction, &Entry { at: now, actor, action: "user.role", subject, details }).await?;
        transaction.commit().await?;
        Ok(ChangedRole { id: user.id, before, revoked })
    }

    /// Removes an active user: his row stays, no longer active, and all his tokens are revoked. The last owner stays.
    pub async fn remove_user(
        &self,
        email: &EmailAddress,
        now: Timestamp,
        actor: &Actor,
    ) -> Result<RemovedUser, UserError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let user = find_active(&mut transaction, email).await?;
        keep_an_owner(&mut transaction, &user).await?;
        let query = transaction
            .query(CHANGE)
            .bind(user.id.0)
            .bind(&user.full_name)
            .bind(user.role.as_str())
            .bind(false);
        transaction.execute(query).await?;
        let revoked = revoke_those_of_user(&mut transaction, user.id, |_| true, now).await?;
        let details = json!({ "email": email.as_str(), "role": user.role, "revoked_tokens": revoked });
        let subject = format!("user:{}", user.id);
        append(&mut transaction, &Entry { at: now, actor, action: "user.remove", subject, details }).await?;
        transaction.commit().await?;
        Ok(RemovedUser { id: user.id, revoked })
    }
}

async fn find_active(
    transaction: &mut TenantTransaction,
    email: &EmailAddress,
) -> Result<UserRecord, UserError> {
    let found = find(transaction, email).await?.filter(|user| user.is_active);
    found.ok_or_else(|| UserError::NoSuchUser(email.clone()))
}

/// Refuses where the user is the only active owner.
async fn keep_an_owner(transaction: &mut TenantTransaction, user: &UserRecord) -> Result<(), UserError> {
    if user.role != AccessRole::Owner {
        return Ok(());
    }
    let query = transaction.query(OTHER_OWNERS).bind(user.id.0);
    let others = transaction.fetch_one(query).await?.int("owners")?;
    if others > 0 { Ok(()) } else { Err(UserError::LastOwner(user.email.clone())) }
}
