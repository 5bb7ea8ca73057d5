//! What GitHub says, and what it means: deliveries in, changes out.
//!
//! A delivery is one call of a webhook. It is *verified* (who sent it), *recorded* (as bytes, before anybody looks into
//! it) and answered; later a worker *plans* it (what it means) and *applies* the plan. This crate is the only one that
//! speaks HTTP, knows GitHub's words and runs jobs. Three of its modules touch none of that and decide everything that
//! can be decided without: they are functions over values, without clock, disk, network or database.
//!
//! - [`verify`]: may these bytes come in? Order of checks, signature, what each refusal is answered with.
//! - [`payload`]: what do these bytes say? Nothing that somebody signed is ever lost for being odd: what matters and
//!   cannot be read gives a reason, what does not matter is passed over.
//! - [`plan`]: what does that mean? A list of [`muster_model::Change`], or the reason why there is none.
//!
//! Two bring them in and answer:
//!
//! - [`serve`]: the listener, connections and their bounds, the routes of all parts as one.
//! - [`receive`]: the endpoint: verified, recorded durably, answered.
//!
//! One works off what they have recorded:
//!
//! - [`work`]: takes jobs from the queue and does them.
//!
//! And around these:
//!
//! - [`connecting`]: a repository becomes one that is listened to; its hook, its secrets.
//! - [`credentials`]: with what a repository is fetched.
//! - [`events`]: who follows a tenant's changes is told of them.
//! - [`watch`]: is it alive, is it ready, how is it doing.
//! - [`crash_points`]: where a test has it end at once.
//!
//! A payload is believed about nothing that decides who sees what. The tenant comes from the hook or from who claimed
//! the installation; the address to fetch from is built from what we store; commits are read from Git.

pub mod connecting;
pub mod crash_points;
pub mod credentials;
pub mod events;
pub mod payload;
pub mod plan;
pub mod receive;
pub mod serve;
pub mod verify;
pub mod watch;
pub mod work;
