//! Connections: repositories that are looked at by themselves, as deliveries and the night say.
//!
//! A connection is columns of the repository's row, so that one which was scanned by hand before is the same repository
//! afterwards, with its ids. Whoever disconnects one keeps what is stored of it; what reads it (token, secrets, hooks) goes.

mod disconnect;
mod list;

pub use list::{ConnectionFilter, ConnectionRecord};
