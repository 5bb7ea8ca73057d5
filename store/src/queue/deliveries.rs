//! Deliveries, read back.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Queue;
use super::packing::unpack;
use crate::database::{Query, Row, Statement, statement};
use crate::lists::asked;
use crate::words::word;
use crate::{DeliveryId, Page, StoreError, Tenant, TenantId, Timestamp};

const LIST: Statement = statement!(both "deliveries/list");
const OWN_LIST: Statement = statement!("deliveries/own_list");
const SHOW: Statement = statement!("deliveries/show");

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryStatus {
    /// It is to be planned.
    Received,
    /// It waits for a repository to be connected or an installation to be claimed.
    Parked,
    /// There is nothing to do for it.
    Ignored,
    /// It was planned; its jobs do the rest.
    #[default]
    Done,
    /// It cannot be planned.
    Dead,
}

impl DeliveryStatus {
    /// The word of documents and of the column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Parked => "parked",
            Self::Ignored => "ignored",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

/// Which deliveries to list, and from where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Of this tenant alone.
    pub tenant: Option<TenantId>,
    /// In this status alone.
    pub status: Option<DeliveryStatus>,
    /// Of this hook alone.
    pub hook: Option<String>,
    /// At most so many; 0 is as many as a page holds.
    pub limit: usize,
    /// Older than this one: [`Page::next`] of the page before.
    pub after: Option<DeliveryId>,
}

/// A stored delivery, without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// Its id.
    pub id: DeliveryId,
    /// Whose; `None` until it was planned.
    pub tenant: Option<TenantId>,
    /// `app`, or the hook key.
    pub hook: String,
    /// The sender's id of it.
    pub guid: String,
    /// What happened, as the header says.
    pub event: String,
    /// What exactly, as the body says.
    pub action: Option<String>,
    /// The headers, a JSON object.
    pub headers: String,
    /// The installation that the bytes speak of.
    pub fair_hint: Option<i64>,
    /// When it was received.
    pub received_at: Timestamp,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Why it is parked, ignored or dead.
    pub reason: Option<String>,
    /// What a parked one is planned again for.
    pub waits_for: Option<String>,
    /// When it was planned.
    pub settled_at: Option<Timestamp>,
    /// SHA-256 of the body.
    pub body_hash: Vec<u8>,
    /// When the body was removed.
    pub body_purged_at: Option<Timestamp>,
}

impl DeliveryRecord {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let time = |column| Ok::<_, StoreError>(row.maybe_int(column)?.map(Timestamp));
        Ok(Self {
            id: DeliveryId(row.int("id")?),
            tenant: row.maybe_tenant("tenant_id")?,
            hook: row.text("hook")?,
            guid: row.text("guid")?,
            event: row.text("event")?,
            action: row.maybe_text("action")?,
            headers: row.text("headers")?,
            fair_hint: row.maybe_int("fair_hint")?,
            received_at: Timestamp(row.int("received_at")?),
            status: word(row.word("status")?)?,
            reason: row.maybe_text("reason")?,
            waits_for: row.maybe_text("waits_for")?,
            settled_at: time("settled_at")?,
            body_hash: row.bytes("body_hash")?.to_vec(),
            body_purged_at: time("body_purged_at")?,
        })
    }
}

impl DeliveryFilter {
    fn bind(&self, query: Query, limit: i64) -> Query {
        query
            .bind(self.status.map(DeliveryStatus::as_str))
            .bind(self.hook.as_deref())
            .bind(self.after.map_or(i64::MAX, |id| id.0))
            .bind(limit)
    }
}

fn page(rows: &[Row], size: usize) -> Result<Page<DeliveryRecord, DeliveryId>, StoreError> {
    let items = rows.iter().map(DeliveryRecord::from_row).collect::<Result<_, _>>()?;
    Ok(Page::cut(items, size, |record: &DeliveryRecord| record.id))
}

impl Queue {
    /// Deliveries, newest first.
    pub async fn list_deliveries(
        &self,
        filter: &DeliveryFilter,
    ) -> Result<Page<DeliveryRecord, DeliveryId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let query = filter.bind(transaction.statement(LIST).bind(filter.tenant), limit);
        page(&transaction.fetch_all(query).await?, size)
    }

    /// A delivery, and its body where that is still there.
    pub async fn show_delivery(
        &self,
        id: DeliveryId,
    ) -> Result<Option<(DeliveryRecord, Option<Vec<u8>>)>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.statement(SHOW).bind(id.0);
        let Some(row) = transaction.fetch_optional(query).await? else { return Ok(None) };
        let packed_from = row.maybe_int("body_packed_from")?;
        let body = row.maybe_bytes("body")?.map(|bytes| unpack(bytes, packed_from)).transpose()?;
        Ok(Some((DeliveryRecord::from_row(&row)?, body.map(Cow::into_owned))))
    }
}

impl Tenant {
    /// The tenant's deliveries, newest first.
    pub async fn list_deliveries(
        &self,
        filter: &DeliveryFilter,
    ) -> Result<Page<DeliveryRecord, DeliveryId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let query = filter.bind(transaction.query(OWN_LIST), limit);
        page(&transaction.fetch_all(query).await?, size)
    }
}
