//! The wire: bringing a remote repository into a bare mirror on this machine.
//!
//! libgit2 does the talking, in a child process of our own binary, and only to a gate of ours in the same process,
//! which alone has a way out: the address is checked as text, every network address that its name resolves to is
//! checked before it is connected to, TLS and redirects are judged by the gate, and the parent kills a child that is
//! silent, slow, greedy or unwanted. So a hostile remote, or a crash of the C library, costs one fetch and nothing
//! else, and this workspace needs no unsafe code for it.
//!
//! The walk through: `fetch` claims the mirror (one fetch of an address at a time), starts `program __fetch`, hands
//! it one request line and reads progress lines; `run_child` opens the `gate`, lets libgit2 download, and writes the
//! refs; the parent renames the finished mirror into place.

mod address;
mod child;
mod download;
mod failure;
mod fetch;
mod forward;
mod gate;
mod message;
mod mirror;
mod reach;
mod refs;
mod room;
mod tls;
mod user_info;
mod watch;

pub use address::{AddressError, Policy, RemoteAddress, is_remote};
pub use child::run_child;
pub use failure::{Failure, FetchError};
pub use fetch::{Credentials, ENVIRONMENT, FetchOptions, FetchProgress, Mirror, fetch};
pub use mirror::{CacheError, MIRROR_BYTES, MirrorCache};
pub use reach::unreachable_because;
pub use user_info::{redact, without_user_info};
pub use watch::Limits;

/// The hidden command with which the parent starts its own binary.
pub const FETCH_COMMAND: &str = "__fetch";
