//! Who speaks, and what he may say.
//!
//! A signature proves that a secret was known, nothing about the payload: whoever owns the hook of one repository can
//! sign any text. So what a hook may speak of comes from what is stored about the hook, and a payload's ids are only
//! ever compared with it. This is the one place where they are.

use muster_model::{Change, ProviderId};

use super::{Ignored, Parked, Plan, WaitsFor};
use crate::payload::Names;

/// What is known about the hook that a delivery came in by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookScope {
    /// The App's own hook: it speaks for the installation that the payload names.
    App {
        /// The installation, if a tenant has claimed it; one that is suspended or removed counts, for what it said
        /// before still holds.
        claimed: Option<ProviderId>,
        /// The repository, if that tenant has it; whether it is active does not matter either.
        connected: Option<ProviderId>,
    },
    /// The hook of one repository, in a delivery that says the id of another one that the tenant has: it speaks of nothing. Else
    /// whoever owns the one hook could write what he likes of the other.
    Nobody,
    /// The hook of one repository, which is connected: it speaks for that one alone.
    Repository {
        /// Its id at the provider. Not known yet for one that was connected by its address.
        id: Option<ProviderId>,
        /// `owner/name` as its address has it, if that is known: identity as long as `id` is not.
        full_name: Option<String>,
    },
}

impl HookScope {
    /// Whether the hook may speak of what the payload names; for the hook of a repository, this is also when an id that
    /// was not known yet may be learnt.
    ///
    /// # Errors
    ///
    /// The reason to ignore the delivery.
    pub fn may_speak_of(&self, names: &Names) -> Result<(), Ignored> {
        match self {
            Self::App { .. } => names.installation.map(|_| ()).ok_or(Ignored::NoInstallation),
            Self::Nobody => Err(Ignored::OtherRepository(names.repository)),
            Self::Repository { id, full_name } => {
                let same = match (id, full_name) {
                    (Some(id), _) => names.repository == Some(*id),
                    // GitHub's names do not differ by case alone.
                    (None, Some(own)) => {
                        names.full_name.as_ref().is_some_and(|said| said.eq_ignore_ascii_case(own))
                    }
                    // A remote of no provider: there is nothing to tell it by but that its own hook was used.
                    (None, None) => names.repository.is_some(),
                };
                if same { Ok(()) } else { Err(Ignored::OtherRepository(names.repository)) }
            }
        }
    }

    /// The changes, as far as the hook may make them now.
    pub(super) fn admit(&self, names: &Names, mut changes: Vec<Change>) -> Plan {
        let by_installation = |change: &Change| matches!(change, Change::Installation(_) | Change::Access(_));
        match self {
            Self::Nobody => Ignored::OtherRepository(names.repository).into(),
            Self::Repository { .. } => {
                changes.retain(|change| !by_installation(change));
                if changes.is_empty() {
                    return Ignored::InstallationByRepositoryHook.into();
                }
                match self.may_speak_of(names) {
                    Ok(()) => Plan::Changes(changes),
                    Err(reason) => reason.into(),
                }
            }
            Self::App { claimed, connected } => {
                let Some(installation) = names.installation else { return Ignored::NoInstallation.into() };
                if *claimed != Some(installation) {
                    changes.retain(|change| matches!(change, Change::Installation(_)));
                    let waits_for = WaitsFor::Installation(installation);
                    return Plan::Parked(Parked { waits_for, meanwhile: changes });
                }
                // What grants access is what connects: it cannot wait for the connection.
                let needed = names.repository.filter(|_| !changes.iter().any(by_installation));
                match needed {
                    Some(repository) if *connected != Some(repository) => Plan::Parked(Parked {
                        waits_for: WaitsFor::Repository(repository),
                        meanwhile: Vec::new(),
                    }),
                    _ => Plan::Changes(changes),
                }
            }
        }
    }
}
