//! Recording deliveries: what is answered is on the disk.
//!
//! Many in one transaction, for the disk's confirmation is what costs: requests that wait at the same moment share it. The
//! bytes are stored as they came, or packed, once for each (hook, guid), with a job that will plan them.

use std::collections::HashMap;

use super::Queue;
use crate::database::{Bodies, Rows, Statement, Transaction, Urgency, statement};
use crate::{DeliveryId, StoreError, TenantId, Timestamp};

/// On PostgreSQL, where a statement is a journey, it enqueues and announces as well.
const RECORD: Statement = statement!(both "deliveries/record");
/// What is left to be done for those that it recorded.
const ROUTE_RECORDED: Statement = statement!(sqlite "deliveries/route");
const ROUTE: Statement = statement!(both "deliveries/route");
const FIND: Statement = statement!(both "deliveries/find");

/// A delivery as it was received.
#[derive(Clone, Copy, Debug)]
pub struct NewDelivery<'a> {
    /// `app`, or the hook key.
    pub hook: &'a str,
    /// The sender's id of it.
    pub guid: &'a str,
    /// Whose hook; `None` for the App's.
    pub tenant: Option<TenantId>,
    /// What happened, as the header says.
    pub event: &'a str,
    /// The headers, a JSON object.
    pub headers: &'a str,
    /// The installation that the bytes speak of: for fair turns, never for routing.
    pub fair_hint: Option<i64>,
    /// When it was received.
    pub received_at: Timestamp,
    /// SHA-256 of the body.
    pub body_hash: [u8; 32],
    /// The body, byte for byte, or as [`pack_body`](super::pack_body) packed it.
    pub body: &'a [u8],
    /// Bytes of the body before it was packed; `None`: it was not.
    pub packed_from: Option<u32>,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is recorded, and will be planned.
    New(DeliveryId),
    /// It was recorded before: nothing was done.
    Repeat,
    /// Another body was recorded under its id before: that one is kept, this one is not.
    Conflict,
}

impl Queue {
    /// Records deliveries in one transaction; one answer for each, in their order.
    pub async fn record(&self, deliveries: &[NewDelivery<'_>]) -> Result<Vec<Recorded>, StoreError> {
        let Some(now) = deliveries.iter().map(|delivery| delivery.received_at).max() else {
            return Ok(Vec::new());
        };
        let mut transaction = self.durable.queue(Urgency::Answer).await?;
        let bodies = Bodies(deliveries.iter().map(|delivery| delivery.body).collect());
        let placed: Vec<_> = deliveries.iter().zip(bodies.begins()).collect();
        let rows = Rows::of(&placed)
            .owned_text(|(delivery, _)| delivery.tenant.map(|tenant| tenant.0.simple().to_string()))
            .text(|(delivery, _)| delivery.hook)
            .text(|(delivery, _)| delivery.guid)
            .text(|(delivery, _)| delivery.event)
            .text(|(delivery, _)| delivery.headers)
            .maybe_int(|(delivery, _)| delivery.fair_hint)
            .int(|(delivery, _)| delivery.received_at.0)
            .bytes(|(delivery, _)| &delivery.body_hash[..])
            .int(|(_, begins)| *begins)
            .int(|(delivery, _)| delivery.body.len() as i64)
            .maybe_int(|(delivery, _)| delivery.packed_from.map(i64::from));
        let query = transaction.statement(RECORD).bind(bodies).bind(rows).bind(now.0);
        let mut new = HashMap::new();
        for row in transaction.fetch_all(query).await? {
            new.insert((row.text("hook")?, row.text("guid")?), DeliveryId(row.int("id")?));
        }

        let mut recorded = Vec::with_capacity(deliveries.len());
        let (mut ids, mut others) = (Vec::with_capacity(new.len()), Vec::new());
        for (place, delivery) in deliveries.iter().enumerate() {
            // A second one of the same id in this batch finds it gone.
            let id = new.remove(&(delivery.hook.to_owned(), delivery.guid.to_owned()));
            recorded.push(id.map_or(Recorded::Repeat, Recorded::New));
            match id {
                Some(id) => ids.push(id.0),
                None => others.push((place, delivery)),
            }
        }
        if !ROUTE_RECORDED.is_left_out(&transaction) {
            enqueue(&mut transaction, ROUTE_RECORDED, &ids, now).await?;
        }
        if !others.is_empty() {
            let rows =
                Rows::of(&others).text(|(_, delivery)| delivery.hook).text(|(_, delivery)| delivery.guid);
            let query = transaction.statement(FIND).bind(rows);
            let mut known = HashMap::new();
            for row in transaction.fetch_all(query).await? {
                known.insert((row.text("hook")?, row.text("guid")?), row.bytes("body_hash")?.to_vec());
            }
            for (place, delivery) in others {
                let hash = known.get(&(delivery.hook.to_owned(), delivery.guid.to_owned()));
                if hash.is_some_and(|hash| hash[..] != delivery.body_hash) {
                    recorded[place] = Recorded::Conflict;
                }
            }
        }
        transaction.commit().await?;
        Ok(recorded)
    }
}

/// Enqueues the planning of deliveries.
pub(super) async fn route(
    transaction: &mut Transaction,
    deliveries: &[i64],
    now: Timestamp,
) -> Result<(), StoreError> {
    enqueue(transaction, ROUTE, deliveries, now).await
}

async fn enqueue(
    transaction: &mut Transaction,
    statement: Statement,
    deliveries: &[i64],
    now: Timestamp,
) -> Result<(), StoreError> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let query = transaction.statement(statement).bind(now.0).bind(deliveries);
    transaction.execute(query).await?;
    transaction.announce_jobs().await
}
