//! The address that the App calls, and how it is doing.

use crate::database::{Statement, statement};
use crate::words::count;
use crate::{Queue, StoreError, Timestamp};

const APP: Statement = statement!(both "hooks/app");

/// What the App's address is called where deliveries and refusals name a hook: no key of a repository's hook is.
pub const APP_HOOK: &str = "app";

/// What came by the App's address. Of all its installations: it is one for the whole database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppHookRecord {
    /// It has brought a delivery that was accepted.
    pub has_delivered: bool,
    /// When the last one was; `None` also where that was ten thousand deliveries ago.
    pub delivered_at: Option<Timestamp>,
    /// How it was last refused: code and time.
    pub refused: Option<(String, Timestamp)>,
    /// How often it was ever refused.
    pub refusals: u64,
}

impl Queue {
    /// How the App's address is doing.
    pub async fn app_hook(&self) -> Result<AppHookRecord, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.statement(APP);
        let Some(row) = transaction.fetch_optional(query).await? else { return Ok(AppHookRecord::default()) };
        let time = |column| Ok::<_, StoreError>(row.maybe_int(column)?.map(Timestamp));
        Ok(AppHookRecord {
            has_delivered: row.flag("has_delivered")?,
            delivered_at: time("delivered_at")?,
            refused: row.maybe_text("refused_code")?.zip(time("refused_at")?),
            refusals: count(row.int("refused_count")?),
        })
    }
}
