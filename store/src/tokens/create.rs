//! Making a token.

use serde_json::json;
use thiserror::Error;

use crate::audit_log::{Actor, Entry, append};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::words::word;
use crate::{AccessRole, NoRandomness, SecureRandom, StoreError, Tenant, Timestamp, Token, TokenId, UserId};

const ADD: Statement = statement!(both "tokens/add");
const USER: Statement = statement!("tokens/user");

/// The most characters of a name.
const LONGEST_NAME: usize = 100;

/// A token to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for, in words of whoever makes it. Several may have one name.
    pub name: String,
    /// What it allows.
    pub role: AccessRole,
    /// Whose it is: it never allows more than he may do, and goes when he goes. `None`: the organisation's.
    pub user: Option<UserId>,
    /// From when on it is refused; `None`: never.
    pub expires_at: Option<Timestamp>,
}

/// Why no token was made. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum NewTokenError {
    /// A name that is none.
    #[error("take this name for a token: give 1 to 100 characters, none of them a control character")]
    NotAName,
    /// It would be refused from the first moment on.
    #[error("make a token that has expired already: give a later time")]
    Expired,
    /// There is no such active user.
    #[error("make a token for user {0}: there is no active one of this number")]
    NoSuchUser(UserId),
    /// It would allow more than its user may do.
    #[error(
        "make a token that allows more than its user: the user is {user}, and the token would be {token}"
    )]
    AboveUser {
        /// What the user may do.
        user: AccessRole,
        /// What the token would allow.
        token: AccessRole,
    },
    /// No token can be made that nobody could guess.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Tenant {
    /// Makes a token. It is given here and never again: only its hash is stored.
    pub async fn create_token(
        &self,
        new: &NewToken,
        random: &dyn SecureRandom,
        now: Timestamp,
        actor: &Actor,
    ) -> Result<(TokenId, Token), NewTokenError> {
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
            return Err(NewTokenError::NotAName);
        }
        if new.expires_at.is_some_and(|at| at <= now) {
            return Err(NewTokenError::Expired);
        }
        let token = Token::generate(random)?;
        let mut transaction = self.write(Urgency::Answer).await?;
        if let Some(user) = new.user {
            check_user(&mut transaction, user, new.role).await?;
        }
        let query = transaction
            .query(ADD)
            .bind(&token.hash()[..])
            .bind(name)
            .bind(token.prefix())
            .bind(new.role.as_str())
            .bind(new.user.map(|user| user.0))
            .bind(now.0)
            .bind(new.expires_at.map(|at| at.0));
        let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchTenant)?;
        let id = TokenId(row.int("id")?);
        let entry = Entry {
            at: now,
            actor,
            action: "token.create",
            subject: format!("token:{id}"),
            details: json!({
                "name": name,
                "prefix": token.prefix(),
                "role": new.role,
                "user": new.user,
                "expires_at": new.expires_at.map(|at| at.to_string()),
            }),
        };
        append(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok((id, token))
    }
}

async fn check_user(
    transaction: &mut TenantTransaction,
    user: UserId,
    token: AccessRole,
) -> Result<(), NewTokenError> {
    let query = transaction.query(USER).bind(user.0);
    let row = transaction.fetch_optional(query).await?.ok_or(NewTokenError::NoSuchUser(user))?;
    let role: AccessRole = word(row.word("role")?)?;
    if token > role { Err(NewTokenError::AboveUser { user: role, token }) } else { Ok(()) }
}
