//! What does a delivery mean? A payload and what is known about its hook in, a list of changes out.
//!
//! Pure: nothing is looked up, so every example has a snapshot of its plan, and a delivery can be planned again at any
//! time with the same result. What must be looked up before (whose installation, whose repository) comes in as a
//! [`HookScope`].
//!
//! There are four outcomes, and no fifth: changes; ignored, dead or parked, each with its reason. A module for each event
//! says what its actions mean, without knowing who speaks; whether the hook may say it is settled here, once, for all.

mod digest;
mod event;
mod installation;
mod installation_repositories;
mod issues;
mod outcome;
mod pull_request;
mod push;
mod repository;
mod scope;
mod state;

use muster_model::Change;

use crate::payload::Payload;
use crate::verify::EventName;

pub use event::Event;
pub use issues::task_of_issue;
pub use outcome::{Dead, Ignored, Parked, Plan, WaitsFor};
pub use pull_request::task_of_pull_request;
pub use scope::HookScope;

/// What an event alone means: its changes, or why there are none.
type Meaning = Result<Vec<Change>, Plan>;

/// Plans a delivery.
pub fn plan(event: &EventName, payload: &Payload<'_>, about: &HookScope) -> Plan {
    let action = payload.action();
    let action = action.as_deref();
    let meaning = match Event::of(event) {
        Event::Push => push::plan(payload),
        Event::PullRequest => pull_request::plan(action, payload),
        Event::Issues => issues::plan(action, payload),
        Event::Repository => repository::plan(action, payload),
        Event::Installation => installation::plan(action, payload),
        Event::InstallationRepositories => installation_repositories::plan(action, payload),
        Event::Ping => Err(Ignored::Ping.into()),
        Event::Other => Err(Ignored::UnknownEvent(event.to_string()).into()),
    };
    match meaning {
        Ok(changes) => about.admit(&payload.names(), changes),
        Err(none) => none,
    }
}

/// An action that we do not know, or none where there should be one.
fn unknown_action(event: Event, action: Option<&str>) -> Plan {
    Ignored::UnknownAction { event: event.as_str(), action: action.map(str::to_owned) }.into()
}
