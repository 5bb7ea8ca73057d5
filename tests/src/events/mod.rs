//! The stream of events over real sockets, on both engines.

pub(crate) mod client;
mod following;
mod scene;
mod strangers;
