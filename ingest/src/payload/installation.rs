//! What is read of an installation of the App, and of the short lists of repositories that come with it.

use muster_model::{ProviderId, ProviderTime};

use super::{NAME, Object};

/// Entries of a list of repositories that are read; what is beyond is found when the installation is next looked over.
pub const MOST: usize = 50_000;

/// An installation.
#[derive(Clone, Debug)]
pub struct Installation {
    /// Its identity; reinstalling gives another.
    pub id: Option<ProviderId>,
    /// Name of the account that installed it.
    pub account: Option<String>,
    /// When it last changed: a number of seconds in most payloads.
    pub updated_at: ProviderTime,
    /// The next best where `updated_at` is not said.
    pub created_at: ProviderTime,
    /// Unknown while it is not suspended.
    pub suspended_at: ProviderTime,
}

impl Installation {
    /// From the object `installation`.
    pub fn read(object: &Object<'_>) -> Self {
        let account = object.object("account");
        Self {
            id: object.id("id"),
            // An enterprise has no login.
            account: account.text("login", NAME).or_else(|| account.text("slug", NAME)),
            updated_at: object.time("updated_at"),
            created_at: object.time("created_at"),
            suspended_at: object.time("suspended_at"),
        }
    }
}

/// An entry of `repositories`, `repositories_added` or `repositories_removed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRepository {
    /// Its identity.
    pub id: ProviderId,
    /// `owner/name`.
    pub full_name: Option<String>,
}

impl NamedRepository {
    /// The entries that have an id, among the first [`MOST`].
    pub fn list(root: &Object<'_>, name: &str) -> Vec<Self> {
        let read =
            |entry: Object<'_>| Some(Self { id: entry.id("id")?, full_name: entry.full_name("full_name") });
        root.objects(name, MOST).filter_map(read).collect()
    }
}
