//! What a delivery means, as data: the list of changes that planning gives and applying takes.
//!
//! Every change can be applied any number of times and in any order. A hint says where to look and carries no truth;
//! a report carries a [`Version`], and the larger one holds: it replaces what is stored as a whole, what it does not say
//! included, for a mixture of two would depend on which came first. None names a tenant: the hook, or who claimed the
//! installation, says whose it is, and ids are looked up within that tenant alone.

use serde::Serialize;

use crate::{ObjectId, ProviderId, ProviderTask, ProviderTime, Version};

/// One thing to do because of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Look at this ref: it was made, moved or removed.
    LookAt(RefHint),
    /// An issue or a pull request is now like this.
    Task(Box<ProviderTask>),
    /// A repository is now like this.
    Repository(Box<RepositoryFacts>),
    /// An installation may, or may no longer, see a repository.
    Access(RepositoryAccess),
    /// An installation of the App is now like this.
    Installation(InstallationFacts),
}

/// A ref of a repository that is worth a look. What it points at, the repository itself says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefHint {
    /// Whose ref.
    pub repository: ProviderId,
    /// The full name, `refs/heads/main` or `refs/tags/v1`: a name that Git accepts, at most 1,024 bytes.
    pub name: String,
    /// Its tip before the push; none where the ref was made by it, or where it is not said.
    pub before: Option<ObjectId>,
    /// Its tip after the push; none where the ref was removed by it, or where it is not said.
    pub after: Option<ObjectId>,
    /// When the push was made: where freshness is measured from.
    pub pushed_at: ProviderTime,
}

/// A report of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RepositoryFacts {
    /// Its identity at the provider; names come and go.
    pub id: ProviderId,
    /// Its place among the reports about this repository. Rank `Deleted`: the provider has it no longer.
    pub version: Version,
    /// `owner/name`.
    pub full_name: Option<String>,
    /// The account that owns it now.
    pub owner: Option<ProviderId>,
    /// The branch, without `refs/heads/`, whose state is the repository's.
    pub default_branch: Option<String>,
    /// Whether only members may see it.
    pub private: Option<bool>,
    /// Whether it is frozen.
    pub archived: Option<bool>,
    /// Where a person can see it. To show, never to contact: the address to fetch from is built from the provider's
    /// base address and the name.
    pub url: Option<String>,
}

/// Whether an installation may see a repository. A granted one is connected under the installation's tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RepositoryAccess {
    /// The installation.
    pub installation: ProviderId,
    /// The repository; `full_name` is how it is called, where that is said.
    pub repository: ProviderId,
    /// `owner/name`.
    pub full_name: Option<String>,
    /// Given or taken.
    pub access: Access,
    /// Its place among the reports about this pair. The time is the installation's last change.
    pub version: Version,
}

/// Given or taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// It may be read through this installation.
    Granted,
    /// It may not any more; what is stored stays.
    Withdrawn,
}

/// A report of an installation of the App. It gives it to no tenant: somebody of the tenant claims it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstallationFacts {
    /// The installation.
    pub id: ProviderId,
    /// Name of the account that installed it; empty where it is not said.
    pub account: String,
    /// Whether it works.
    pub standing: Standing,
    /// Its place among the reports about this installation.
    pub version: Version,
}

/// Whether an installation works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It does.
    Active,
    /// Not until somebody lifts the suspension.
    Suspended,
    /// Never again: another installation gets another id.
    Removed,
}
