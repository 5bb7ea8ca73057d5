//! The listener: connections in, requests to the routes, and an orderly end.
//!
//! Whoever calls is a stranger until a handler has verified him, so a stranger must cost little and be easy to get rid
//! of. Every connection has a [`place`](place::Place) that says what it is busy with and since when; everything
//! that ends connections (too slow, too long idle, no room left) looks at places and at nothing else.

mod admission;
mod body;
mod connection;
mod lingering;
mod listener;
mod place;
mod problem;
mod routes;

use std::net::IpAddr;
use std::time::Duration;

pub use axum::Router;
pub(crate) use body::BodyError;
pub use listener::serve;
pub use problem::Problem;
pub use routes::routes;

/// What callers may use up.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once. When all are taken the one that has been idle for longest makes room.
    pub connections: usize,
    /// Connections at once of one address (of one /64 on IPv6).
    pub per_address: usize,
    /// Addresses that are not counted, beside loopback: proxies, behind which everybody has the same one.
    pub proxies: Vec<IpAddr>,
    /// From the first byte of a request, or from the connection's beginning, to the end of its head.
    pub head: Duration,
    /// From an answer to the next request.
    pub idle: Duration,
    /// How fast a body has to come.
    pub pace: Pace,
    /// How long requests in flight may take after the service was told to stop.
    pub grace: Duration,
}

/// How fast a body has to come. GitHub waits ten seconds for an answer, so a slower one comes for nothing.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// As long nothing is asked of it.
    pub grace: Duration,
    /// From then on so many bytes a second have to have come, from the beginning and on average.
    pub bytes_per_second: u64,
    /// The whole of it comes in this time.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2048,
            per_address: 256,
            proxies: Vec::new(),
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            pace: Pace {
                grace: Duration::from_secs(3),
                bytes_per_second: 16 * 1024,
                total: Duration::from_secs(30),
            },
            grace: Duration::from_secs(15),
        }
    }
}
