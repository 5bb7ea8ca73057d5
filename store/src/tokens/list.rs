//! The tokens of a tenant. Of a token itself nothing is left but its first letters.

use crate::database::{Row, Statement, TenantTransaction, statement};
use crate::lists::asked;
use crate::words::word;
use crate::{AccessRole, Page, StoreError, Tenant, Timestamp, TokenId, UserId};

const LIST: Statement = statement!(both "tokens/list");
const GET: Statement = statement!(both "tokens/get");

/// Which tokens to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenFilter {
    /// Those alone that are neither revoked nor expired at this time.
    pub valid_at: Option<Timestamp>,
    /// The rows of a page; 0 for as many as a page holds.
    pub limit: usize,
    /// The last row of the page before.
    pub after: Option<TokenId>,
}

/// A stored token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// Its first letters.
    pub prefix: String,
    /// What it allows.
    pub role: AccessRole,
    /// Whose it is; `None`: the organisation's.
    pub user: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, give or take a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl TokenRecord {
    pub(super) fn from_row(row: &Row) -> Result<Self, StoreError> {
        let time = |column| Ok::<_, StoreError>(row.maybe_int(column)?.map(Timestamp));
        Ok(Self {
            id: TokenId(row.int("id")?),
            name: row.text("name")?,
            prefix: row.text("prefix")?,
            role: word(row.word("role")?)?,
            user: row.maybe_int("user_id")?.map(UserId),
            created_at: Timestamp(row.int("created_at")?),
            expires_at: time("expires_at")?,
            last_used_at: time("last_used_at")?,
            revoked_at: time("revoked_at")?,
        })
    }
}

/// One token.
pub(super) async fn get(
    transaction: &mut TenantTransaction,
    id: TokenId,
) -> Result<Option<TokenRecord>, StoreError> {
    let query = transaction.query(GET).bind(id.0);
    transaction.fetch_optional(query).await?.as_ref().map(TokenRecord::from_row).transpose()
}

impl Tenant {
    /// The tenant's tokens, in the order in which they were made.
    pub async fn list_tokens(&self, filter: &TokenFilter) -> Result<Page<TokenRecord, TokenId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let query = transaction
            .query(LIST)
            .bind(filter.after.map_or(0, |after| after.0))
            .bind(filter.valid_at.map(|at| at.0))
            .bind(limit);
        let rows = transaction.fetch_all(query).await?;
        let items = rows.iter().map(TokenRecord::from_row).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, size, |record: &TokenRecord| record.id))
    }
}
