//! The wire against a real Git server over TLS on this machine, well-behaved and not.

mod bringing;
mod http;
mod interrupting;
mod misbehaving;
mod refusing;
pub(crate) mod scene;
pub(crate) mod server;
mod stopping;
