//! Deliveries in, plans out: over the cases in `fixtures/webhooks/`, over what they become when they are damaged, and over
//! GitHub's own examples where they are at hand.

#![allow(clippy::unwrap_used, reason = "to clippy, what helps a test is no test")]

mod converging;
mod examples;
mod fixture;
mod important;
mod mutations;
mod odd;
mod plans;
mod scopes;
