//! The events that mean something to us, and one word for all others.

use crate::verify::EventName;

/// An event by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A ref was made, moved or removed.
    Push,
    /// Something about a pull request.
    PullRequest,
    /// Something about an issue.
    Issues,
    /// Something about a repository itself.
    Repository,
    /// Something about an installation of the App.
    Installation,
    /// Which repositories an installation may see.
    InstallationRepositories,
    /// The hook was made.
    Ping,
    /// Anything else, known to GitHub or not.
    Other,
}

impl Event {
    /// All that have a name.
    pub const NAMED: [Self; 7] = [
        Self::Push,
        Self::PullRequest,
        Self::Issues,
        Self::Repository,
        Self::Installation,
        Self::InstallationRepositories,
        Self::Ping,
    ];

    /// Which one it is.
    pub fn of(name: &EventName) -> Self {
        Self::NAMED.into_iter().find(|event| event.as_str() == name.as_str()).unwrap_or(Self::Other)
    }

    /// As the header `X-GitHub-Event` says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::PullRequest => "pull_request",
            Self::Issues => "issues",
            Self::Repository => "repository",
            Self::Installation => "installation",
            Self::InstallationRepositories => "installation_repositories",
            Self::Ping => "ping",
            Self::Other => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_has_its_name_and_others_have_none() {
        let named = Event::NAMED.map(|event| Event::of(&EventName::new(event.as_str().as_bytes()).unwrap()));
        assert_eq!(named, Event::NAMED);
        for other in ["other", "pushed", "issue_comment"] {
            assert_eq!(Event::of(&EventName::new(other.as_bytes()).unwrap()), Event::Other);
        }
    }
}
