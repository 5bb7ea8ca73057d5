//! Whose token this is. Asked before a tenant is known, by every call that bears one.

use std::fmt;

use thiserror::Error;

use crate::database::{Role, Statement, statement};
use crate::words::word;
use crate::{AccessRole, Store, StoreError, TenantId, Timestamp, Token, TokenId, UserId};

const FIND: Statement = statement!(both "tokens/find");
const TOUCH: Statement = statement!(both "tokens/touch");

/// The use of a token is noted once in so many milliseconds.
const MINUTE: i64 = 60_000;

/// Who a token speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Whose rows it opens.
    pub tenant: TenantId,
    /// Its id.
    pub token: TokenId,
    /// What it allows.
    pub role: AccessRole,
    /// Whose it is; `None`: the organisation's.
    pub user: Option<UserId>,
    /// Its use is to be noted (`touch_token`): it has not been for a minute.
    pub touch: bool,
}

/// Why a token is refused: for our own logs. Shown it is one sentence for all, so that whoever tries tokens learns
/// nothing of which there are or were. Fits "failed to ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefusal {
    /// There is none of this hash.
    Unknown,
    /// It was revoked.
    Revoked,
    /// Its time is over.
    Expired,
    /// Its tenant is suspended.
    TenantSuspended,
}

impl fmt::Display for TokenRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "accept this token: it is not valid, or no longer; make another with `muster token create`",
        )
    }
}

impl std::error::Error for TokenRefusal {}

/// Why nobody was found. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum FindTokenError {
    /// It is not accepted.
    #[error(transparent)]
    Refused(#[from] TokenRefusal),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Who this token speaks for at this time.
    pub async fn find_token(&self, token: &Token, now: Timestamp) -> Result<Bearer, FindTokenError> {
        let mut transaction = self.pool.read_global(Role::App).await?;
        let query = transaction.statement(FIND).bind(&token.hash()[..]);
        let row = transaction.fetch_optional(query).await?.ok_or(TokenRefusal::Unknown)?;
        if row.maybe_int("revoked_at")?.is_some() {
            return Err(TokenRefusal::Revoked.into());
        }
        if row.maybe_int("expires_at")?.is_some_and(|at| at <= now.0) {
            return Err(TokenRefusal::Expired.into());
        }
        if row.maybe_int("suspended_at")?.is_some() {
            return Err(TokenRefusal::TenantSuspended.into());
        }
        Ok(Bearer {
            tenant: row.tenant("tenant_id")?,
            token: TokenId(row.int("id")?),
            role: word(row.word("role")?)?,
            user: row.maybe_int("user_id")?.map(UserId),
            touch: row.maybe_int("last_used_at")?.is_none_or(|at| at <= now.0.saturating_sub(MINUTE)),
        })
    }

    /// Notes that a token was used; changes nothing where that was noted less than a minute ago, or later than `now`.
    pub async fn touch_token(&self, token: &Token, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.pool.global(Role::App).await?;
        let before = now.0.saturating_sub(MINUTE);
        let query = transaction.statement(TOUCH).bind(&token.hash()[..]).bind(now.0).bind(before);
        transaction.execute(query).await?;
        transaction.commit().await
    }
}
