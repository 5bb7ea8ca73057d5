//! What planning ends in, and every reason that it can give.
//!
//! Reasons are whole sentences for the person who asks why a delivery did nothing; they are stored with it.

use std::fmt;

use muster_model::{Change, ProviderId};
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::payload::Unreadable;

/// What a delivery means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// To be applied, at least one, in any order.
    Changes(Vec<Change>),
    /// Nothing to do now; kept, and may be planned again.
    Ignored(Ignored),
    /// Nothing can be made of it, now or later.
    Dead(Dead),
    /// To be planned again once what it waits for is there.
    Parked(Parked),
}

/// Why a delivery is not for us.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Ignored {
    /// GitHub's greeting to a new hook.
    #[error("a ping: the hook works")]
    Ping,
    /// No event that we act on.
    #[error("nothing is done for the event {0}")]
    UnknownEvent(String),
    /// An action that we do not know: `None` where none is said.
    #[error("nothing is done for {event} with {}", .action.as_ref().map_or("no action".to_owned(), |action| format!("the action {action:?}")))]
    UnknownAction {
        /// Which event.
        event: &'static str,
        /// What it says.
        action: Option<String>,
    },
    /// A ref that is no branch and no tag.
    #[error("only branches and tags are followed, not {0:?}")]
    OtherRef(String),
    /// A text that cannot be the name of a ref.
    #[error("no ref can have the name {0:?}")]
    NoRefName(String),
    /// Pull requests have events of their own.
    #[error("the issue is a pull request, which has events of its own")]
    PullRequestAsIssue,
    /// An installation's list of repositories that names none.
    #[error("no repository is named")]
    NoRepositories,
    /// The hook of one repository spoke of another.
    #[error("this is the hook of another repository: it may not speak of {}", .0.map_or("one without an id".to_owned(), |id| format!("repository {id}")))]
    OtherRepository(Option<ProviderId>),
    /// The hook of one repository spoke of an installation.
    #[error("this is the hook of one repository: it may not speak of installations")]
    InstallationByRepositoryHook,
    /// Sent to the App without saying for which installation: it can belong to no tenant.
    #[error("the App was called without an installation, so this belongs to no tenant")]
    NoInstallation,
}

/// Why nothing can be made of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Dead {
    /// No payload.
    #[error("failed to {0}")]
    Unreadable(#[from] Unreadable),
    /// What the event is about is not said, or not in a way that can be read.
    #[error("the payload of {event} lacks {field}, or it is not what it should be")]
    Lacks {
        /// Which event.
        event: &'static str,
        /// What is needed.
        field: &'static str,
    },
}

/// A delivery that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parked {
    /// For what.
    pub waits_for: WaitsFor,
    /// To be applied although it waits: that an installation exists, so that somebody can claim it. Belongs to no tenant.
    pub meanwhile: Vec<Change>,
}

/// What a parked delivery waits for. Shown as it is stored: `installation:7`, `repository:12`, with the provider's ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitsFor {
    /// That a tenant claims the installation.
    Installation(ProviderId),
    /// That the tenant connects the repository.
    Repository(ProviderId),
}

impl WaitsFor {
    /// One sentence for the person who asks.
    pub fn reason(&self) -> String {
        match self {
            Self::Installation(id) => format!("no tenant has claimed installation {id} yet"),
            Self::Repository(id) => format!("repository {id} is not connected yet"),
        }
    }
}

impl fmt::Display for WaitsFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Installation(id) => write!(f, "installation:{id}"),
            Self::Repository(id) => write!(f, "repository:{id}"),
        }
    }
}

impl From<Ignored> for Plan {
    fn from(reason: Ignored) -> Self {
        Self::Ignored(reason)
    }
}

impl From<Dead> for Plan {
    fn from(reason: Dead) -> Self {
        Self::Dead(reason)
    }
}

impl From<Unreadable> for Plan {
    fn from(reason: Unreadable) -> Self {
        Self::Dead(reason.into())
    }
}

impl Serialize for Ignored {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Dead {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for WaitsFor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
