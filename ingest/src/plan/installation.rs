//! `installation`: the App was installed, suspended or removed, with the repositories that it may see.

use muster_model::{Access, Change, InstallationFacts, ProviderTime, Rank, Standing, Version};

use super::digest::digest;
use super::installation_repositories::access;
use super::{Dead, Event, Meaning, unknown_action};
use crate::payload::{Installation, NamedRepository, Payload};

pub(super) fn plan(action: Option<&str>, payload: &Payload<'_>) -> Meaning {
    let root = payload.root();
    let installation = Installation::read(&root.object("installation"));
    let suspended = installation.suspended_at != ProviderTime::UNKNOWN;
    let (standing, repositories) = match action {
        Some("created") => (working(suspended), Some(Access::Granted)),
        Some("new_permissions_accepted") => (working(suspended), None),
        Some("unsuspend") => (Standing::Active, None),
        Some("suspend") => (Standing::Suspended, None),
        Some("deleted") => (Standing::Removed, Some(Access::Withdrawn)),
        _ => return Err(unknown_action(Event::Installation, action)),
    };
    let id = installation
        .id
        .ok_or(Dead::Lacks { event: Event::Installation.as_str(), field: "installation.id" })?;
    let time = installation.updated_at.or(installation.created_at);
    let rank = match standing {
        Standing::Active => Rank::Open,
        Standing::Suspended => Rank::Closed,
        Standing::Removed => Rank::Deleted,
    };
    let version = Version { time, rank, ..Version::default() };
    let mut facts =
        InstallationFacts { id, account: installation.account.unwrap_or_default(), standing, version };
    facts.version.digest = digest(&facts);
    let mut changes = vec![Change::Installation(facts)];
    if let Some(given) = repositories {
        let named = NamedRepository::list(root, "repositories");
        changes.extend(named.into_iter().map(|repository| access(id, time, repository, given)));
    }
    Ok(changes)
}

fn working(suspended: bool) -> Standing {
    if suspended { Standing::Suspended } else { Standing::Active }
}
