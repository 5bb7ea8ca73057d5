//! `installation_repositories`: which repositories an installation may, or may no longer, see.
//!
//! Either list is read whatever the action is: GitHub fills the one that fits.

use muster_model::{Access, Change, ProviderId, ProviderTime, Rank, RepositoryAccess, Version};

use super::digest::digest;
use super::{Dead, Event, Ignored, Meaning, unknown_action};
use crate::payload::{Installation, NamedRepository, Payload};

pub(super) fn plan(action: Option<&str>, payload: &Payload<'_>) -> Meaning {
    if !matches!(action, Some("added" | "removed")) {
        return Err(unknown_action(Event::InstallationRepositories, action));
    }
    let root = payload.root();
    let installation = Installation::read(&root.object("installation"));
    let event = Event::InstallationRepositories.as_str();
    let id = installation.id.ok_or(Dead::Lacks { event, field: "installation.id" })?;
    let time = installation.updated_at.or(installation.created_at);
    let list = |name: &str, given: Access| {
        let named = NamedRepository::list(root, name);
        named.into_iter().map(move |repository| access(id, time, repository, given))
    };
    let changes: Vec<Change> = list("repositories_added", Access::Granted)
        .chain(list("repositories_removed", Access::Withdrawn))
        .collect();
    if changes.is_empty() {
        return Err(Ignored::NoRepositories.into());
    }
    Ok(changes)
}

/// The report that an installation may, or may not, see a repository.
pub(super) fn access(
    installation: ProviderId,
    time: ProviderTime,
    repository: NamedRepository,
    given: Access,
) -> Change {
    let rank = match given {
        Access::Granted => Rank::Open,
        Access::Withdrawn => Rank::Deleted,
    };
    let NamedRepository { id: repository, full_name } = repository;
    let version = Version { time, rank, ..Version::default() };
    let mut access = RepositoryAccess { installation, repository, full_name, access: given, version };
    access.version.digest = digest(&access);
    Change::Access(access)
}
