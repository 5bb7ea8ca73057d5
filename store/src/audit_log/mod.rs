//! The audit log: what people and tokens did, and every change of access, in a chain of hashes per tenant.
//!
//! An entry is written by the transaction that does what the entry tells of, so neither is ever there without the
//! other. What a worker applies is not told: a chain lets one transaction of a tenant through at a time, and would
//! hold up every push. `docs/AUDIT_LOG.md` has the format, and says what a chain shows and what it cannot.

mod actor;
mod append;
mod chain;
mod head;
mod list;
mod verify;

#[cfg(test)]
mod laws;

pub use actor::Actor;
pub(crate) use append::{Entry, append};
pub use chain::ChainFault;
pub use head::{AuditHead, NotAHead};
pub use list::{AuditFilter, AuditRecord};
pub use verify::AuditReport;
