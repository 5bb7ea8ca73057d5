//! A delivery that was signed, as an extractor: no handler can take one that was not.
//!
//! [`Verified`] is made in one place, behind the signature's check, and nothing else can be recorded. The order in here is
//! the contract: headers, hook, body, signature, and only then the two headers that a stranger is not told about. A
//! signature that does not hold is checked once more where the hook's secrets have changed meanwhile.

use axum::extract::{FromRequest, Request};
use muster_store::{TenantId, Timestamp};
use tokio::time::Instant;

use super::NotTaken;
use super::body::{BodyToRecord, read};
use super::endpoint::Receiver;
use super::fair_hint::fair_hint;
use super::headers::{check_headers, kept, noted_as};
use super::hooks::begin;
use crate::verify;

/// A delivery as it was received and signed.
#[derive(Debug)]
pub struct Verified {
    /// `app`, or the hook key.
    hook: String,
    tenant: Option<TenantId>,
    delivery: verify::Verified,
    /// A JSON object.
    headers: String,
    fair_hint: Option<i64>,
    received_at: Timestamp,
    body_hash: [u8; 32],
    body: BodyToRecord,
}

impl Verified {
    /// As the queue takes it.
    pub(super) fn to_record(&self) -> muster_store::NewDelivery<'_> {
        muster_store::NewDelivery {
            hook: &self.hook,
            guid: self.delivery.guid.as_str(),
            tenant: self.tenant,
            event: self.delivery.event.as_str(),
            headers: &self.headers,
            fair_hint: self.fair_hint,
            received_at: self.received_at,
            body_hash: self.body_hash,
            body: &self.body.bytes,
            packed_from: self.body.packed_from,
        }
    }

    /// Bytes of the body as it is recorded.
    pub(super) fn bytes(&self) -> usize {
        self.body.bytes.len()
    }

    /// `app`, or the hook key.
    pub(super) fn hook(&self) -> &str {
        &self.hook
    }

    /// The sender's id of it.
    pub(super) fn guid(&self) -> &str {
        self.delivery.guid.as_str()
    }
}

impl FromRequest<Receiver> for Verified {
    type Rejection = NotTaken;

    async fn from_request(request: Request, receiver: &Receiver) -> Result<Self, NotTaken> {
        let begun = Instant::now();
        let (head, body) = request.into_parts();
        let (checked, declared) = check_headers(&head.method, &head.headers).inspect_err(|&refusal| {
            receiver.note_refused_headers(head.uri.path(), noted_as(refusal, &head.headers));
        })?;
        let mut hook = receiver.find_hook(head.uri.path()).await?;
        let body = read(body, declared, receiver.budget()).await?;
        let (verification, body_hash, mut body) =
            receiver.digesting().digest(begin(hook.as_deref()), body).await?;
        let mut verified = checked.clone().verify(verification);
        if verified == Err(verify::Refusal::Unauthorized)
            && let Some(changed) = receiver.find_changed_hook(head.uri.path(), hook.as_deref(), begun).await
        {
            let verification;
            (verification, _, body) = receiver.digesting().digest(begin(Some(&changed)), body).await?;
            verified = checked.verify(verification);
            hook = Some(changed);
        }
        let received_at = receiver.now();
        let verified = verified.inspect_err(|&refusal| {
            if let Some(hook) = &hook {
                receiver.note_refusal(&hook.name, refusal, received_at);
            }
        })?;
        // What holds without a hook is nothing.
        let hook = hook.ok_or(verify::Refusal::Unauthorized)?;
        Ok(Self {
            hook: hook.name.clone(),
            tenant: hook.tenant,
            delivery: verified,
            headers: kept(&head.headers),
            fair_hint: fair_hint(&body.bytes),
            received_at,
            body_hash,
            body: receiver.digesting().pack(body).await?,
        })
    }
}
