//! A stored delivery, planned: read, looked up, and what it means.
//!
//! Planning changes nothing and gives the same for the same rows, so a delivery is planned when it is routed and once more by
//! each job that applies it: nothing of a payload is ever copied into a job.

use muster_model::Change;
use muster_model::ProviderId;
use muster_store::{DeliveryId, DeliveryRecord, Repository, Store, StoreError, TenantId};

use super::lookups::{Speaker, speaker};
use crate::payload::{self, Payload};
use crate::plan::{Parked, Plan, plan};
use crate::verify::{BodyKind, EventName};

/// A delivery and what it means now.
#[derive(Clone, Debug)]
pub struct PlannedDelivery {
    /// As it was received.
    pub delivery: DeliveryRecord,
    /// What exactly happened, as the body says.
    pub action: Option<String>,
    /// Whose it is, where that is known.
    pub tenant: Option<TenantId>,
    /// The repository that it speaks of, where the tenant has it.
    pub repository: Option<Repository>,
    /// The claimed installation that it speaks for.
    pub installation: Option<ProviderId>,
    /// It was the first to say which repository of the provider its hook's is.
    pub has_learnt: bool,
    /// What it means.
    pub meaning: Meaning,
}

/// What a delivery means, here and now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// To be applied, at least one, in any order.
    Changes(Vec<Change>),
    /// Nothing to do, and why.
    Ignored(String),
    /// It waits.
    Parked(Parked),
    /// Nothing can be made of it, and why.
    Dead(String),
}

/// Plans a stored delivery; `None` where there is none of this id. `github` is the provider's own address.
pub async fn plan_delivery(
    store: &Store,
    queue: &muster_store::Queue,
    github: &str,
    id: DeliveryId,
) -> Result<Option<PlannedDelivery>, StoreError> {
    let Some((delivery, body)) = queue.show_delivery(id).await? else { return Ok(None) };
    let mut planned = PlannedDelivery {
        action: None,
        tenant: delivery.tenant,
        repository: None,
        installation: None,
        has_learnt: false,
        meaning: Meaning::Dead(String::new()),
        delivery,
    };
    let Some(body) = body else {
        planned.meaning = Meaning::Dead("its body was removed, as it was kept for long enough".to_owned());
        return Ok(Some(planned));
    };
    let Some(event) = EventName::new(planned.delivery.event.as_bytes()) else {
        planned.meaning = Meaning::Dead("the name of its event is not one".to_owned());
        return Ok(Some(planned));
    };
    let text = match payload::text_of(body_kind(&planned.delivery.headers), &body) {
        Ok(text) => text,
        Err(reason) => {
            planned.meaning = Plan::from(reason).into();
            return Ok(Some(planned));
        }
    };
    let payload = match Payload::read(&text) {
        Ok(payload) => payload,
        Err(reason) => {
            planned.meaning = Plan::from(reason).into();
            return Ok(Some(planned));
        }
    };
    planned.action = payload.action();
    let Some(speaker) = speaker(store, &planned.delivery, &payload.names(), github).await? else {
        planned.meaning = Meaning::Ignored("the hook that it came in by was removed".to_owned());
        return Ok(Some(planned));
    };
    let Speaker { scope, tenant, is_suspended, repository, installation, has_learnt } = speaker;
    planned.meaning = if is_suspended {
        Meaning::Ignored("the tenant is suspended: it is kept, and can be replayed later".to_owned())
    } else {
        plan(&event, &payload, &scope).into()
    };
    planned.tenant = planned.tenant.or(tenant);
    planned.repository = repository;
    planned.installation = installation;
    planned.has_learnt = has_learnt;
    Ok(Some(planned))
}

impl From<Plan> for Meaning {
    fn from(plan: Plan) -> Self {
        match plan {
            Plan::Changes(changes) => Self::Changes(changes),
            Plan::Ignored(reason) => Self::Ignored(reason.to_string()),
            Plan::Parked(parked) => Self::Parked(parked),
            Plan::Dead(reason) => Self::Dead(reason.to_string()),
        }
    }
}

/// How the body holds its payload, by the stored headers. It was one of the two when it was received.
fn body_kind(headers: &str) -> BodyKind {
    let headers: serde_json::Value = serde_json::from_str(headers).unwrap_or_default();
    let content_type = headers.get("content-type").and_then(serde_json::Value::as_str);
    content_type.and_then(|value| BodyKind::of(value.as_bytes())).unwrap_or(BodyKind::Json)
}
