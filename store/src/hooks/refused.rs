//! How often hooks were refused: written now and then by whoever refuses, never in the course of a request.

use super::APP_HOOK;
use crate::database::{Role, Statement, statement};
use crate::words::column;
use crate::{Store, StoreError, Timestamp};

const REFUSED: Statement = statement!(both "hooks/refused");
const APP_REFUSED: Statement = statement!(both "hooks/app_refused");

/// Refusals of one hook since they were last noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookRefusals {
    /// The last part of the address; [`APP_HOOK`] for the App's.
    pub hook: String,
    /// The code of the last one.
    pub code: String,
    /// When that was.
    pub at: Timestamp,
    /// How many.
    pub number: u64,
}

impl Store {
    /// Notes refusals, all or none; those of hooks that are not there are passed over.
    pub async fn note_hook_refusals(&self, refusals: &[HookRefusals]) -> Result<(), StoreError> {
        if refusals.is_empty() {
            return Ok(());
        }
        let mut in_order: Vec<_> = refusals.iter().collect();
        // Two that note the same ones do not wait for each other in a circle.
        in_order.sort_by(|one, other| one.hook.cmp(&other.hook));
        let mut transaction = self.pool.global(Role::App).await?;
        for refusals in in_order {
            let query = match refusals.hook.as_str() {
                APP_HOOK => transaction.statement(APP_REFUSED),
                hook => transaction.statement(REFUSED).bind(hook),
            };
            let query = query.bind(&refusals.code).bind(refusals.at.0).bind(column(refusals.number));
            transaction.execute(query).await?;
        }
        transaction.commit().await
    }
}
