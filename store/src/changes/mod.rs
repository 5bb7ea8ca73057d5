//! Changes: what became visible of a tenant, numbered in the order in which it did.
//!
//! A seq is taken as the last thing in a transaction and locks the tenant's counter until that commits, so nobody ever sees
//! a seq before all smaller ones. Whoever follows them therefore needs to remember one number and nothing else.

mod append;
mod list;
mod wake;

pub use append::ChangeKind;
pub(crate) use append::{NewChange, append};
pub use list::{ChangeRecord, ChangesAfter};
pub use wake::ChangeWakeups;
