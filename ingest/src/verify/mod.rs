//! May these bytes come in? The checks of a delivery in their one order, over plain values.
//!
//! What a sender can find out is decided here. Before the signature holds he learns only what he already knows about
//! his own request; that the hook exists, or what a header behind the signature lacks, he learns after it.

mod head;
mod refusal;
mod secrets;
mod signature;

pub use head::{BodyKind, Checked, DeliveryGuid, EventName, HeaderValues, MAX_BODY, Verified, check};
pub use refusal::Refusal;
pub use secrets::{Hook, MAX_SECRETS, Secrets, SecretsError, Verification, verify};
pub use signature::Signature;
