//! Revoking tokens.

use serde_json::json;

use super::TokenRecord;
use super::list::get;
use crate::audit_log::{Actor, Entry, append};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::words::word;
use crate::{AccessRole, StoreError, Tenant, Timestamp, TokenId, UserId};

const OF_USER: Statement = statement!(both "tokens/of_user");
const REVOKE: Statement = statement!(both "tokens/revoke");

impl Tenant {
    /// Revokes a token and gives it as it was before; `None` where the tenant has none of that id. A second time
    /// changes nothing and is not written down.
    pub async fn revoke_token(
        &self,
        id: TokenId,
        now: Timestamp,
        actor: &Actor,
    ) -> Result<Option<TokenRecord>, StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let Some(token) = get(&mut transaction, id).await? else { return Ok(None) };
        if token.revoked_at.is_some() {
            return Ok(Some(token));
        }
        revoke(&mut transaction, id, now).await?;
        let entry = Entry {
            at: now,
            actor,
            action: "token.revoke",
            subject: format!("token:{id}"),
            details: json!({ "name": token.name, "prefix": token.prefix }),
        };
        append(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(Some(token))
    }
}

async fn revoke(transaction: &mut TenantTransaction, id: TokenId, now: Timestamp) -> Result<(), StoreError> {
    let query = transaction.query(REVOKE).bind(id.0).bind(now.0);
    transaction.execute(query).await.map(drop)
}

/// Revokes those tokens of a user whose role is too much. Whoever calls this writes it down.
pub(crate) async fn revoke_those_of_user(
    transaction: &mut TenantTransaction,
    user: UserId,
    too_much: impl Fn(AccessRole) -> bool,
    now: Timestamp,
) -> Result<Vec<TokenId>, StoreError> {
    let query = transaction.query(OF_USER).bind(user.0);
    let mut revoked = Vec::new();
    for row in transaction.fetch_all(query).await? {
        if too_much(word(row.word("role")?)?) {
            let id = TokenId(row.int("id")?);
            revoke(transaction, id, now).await?;
            revoked.push(id);
        }
    }
    Ok(revoked)
}
