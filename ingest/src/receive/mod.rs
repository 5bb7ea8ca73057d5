//! Taking deliveries in: verified, recorded, answered, in this order and nothing else.
//!
//! What is answered 2xx is on the disk, and what is on the disk was signed. The first is the recorder's
//! business, which answers when the commit has been confirmed; the second that of [`Verified`], the only thing it records
//! and which only a signature that holds can make. Nobody looks into a body here: a worker does, later.

mod answer;
mod body;
mod budget;
mod digest;
mod endpoint;
mod fair_hint;
mod headers;
mod hooks;
mod recorder;
mod refusals;
mod verified;

pub use answer::NotTaken;
pub use budget::BodyBudget;
pub use endpoint::{Receiver, Settings};
pub use recorder::{Recorder, Recording};
pub use refusals::HookRefusals;
pub use verified::Verified;
