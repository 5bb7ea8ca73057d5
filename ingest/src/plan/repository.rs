//! `repository`: a repository is now like this. A new one is also granted to the installation that tells of it.

use muster_model::{Access, Change, ProviderTime, Rank, RepositoryFacts, Version};

use super::digest::digest;
use super::{Dead, Event, Meaning, installation_repositories, unknown_action};
use crate::payload::{Installation, NamedRepository, Payload, Repository};

pub(super) fn plan(action: Option<&str>, payload: &Payload<'_>) -> Meaning {
    let rank = match action {
        Some(
            "archived" | "created" | "edited" | "privatized" | "publicized" | "renamed" | "transferred"
            | "unarchived",
        ) => Rank::Open,
        Some("deleted") => Rank::Deleted,
        _ => return Err(unknown_action(Event::Repository, action)),
    };
    let repository = Repository::read(&payload.root().object("repository"));
    let id =
        repository.id.ok_or(Dead::Lacks { event: Event::Repository.as_str(), field: "repository.id" })?;
    let time = repository.updated_at.or(repository.created_at);
    let mut facts = RepositoryFacts {
        id,
        version: Version { time, rank, ..Version::default() },
        full_name: repository.full_name,
        owner: repository.owner,
        default_branch: repository.default_branch,
        private: repository.private,
        archived: repository.archived,
        url: repository.url,
    };
    facts.version.digest = digest(&facts);
    let mut changes = Vec::new();
    if action == Some("created") {
        let installation = Installation::read(&payload.root().object("installation"));
        if let Some(installation) = installation.id {
            // The short form of the installation that stands here has no times. An unknown one loses to all that is
            // said of this pair later, and a repository just made has nothing earlier.
            let named = NamedRepository { id, full_name: facts.full_name.clone() };
            let time = ProviderTime::UNKNOWN;
            changes.push(installation_repositories::access(installation, time, named, Access::Granted));
        }
    }
    changes.push(Change::Repository(Box::new(facts)));
    Ok(changes)
}
