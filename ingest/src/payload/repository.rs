//! What is read of a repository, in whatever payload it stands.

use muster_model::{ProviderId, ProviderTime};

use super::{NAME, Object};

/// A repository as GitHub describes it.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Its identity.
    pub id: Option<ProviderId>,
    /// `owner/name`.
    pub full_name: Option<String>,
    /// The account that owns it.
    pub owner: Option<ProviderId>,
    /// Without `refs/heads/`.
    pub default_branch: Option<String>,
    /// Only members see it.
    pub private: Option<bool>,
    /// It is frozen.
    pub archived: Option<bool>,
    /// Its page.
    pub url: Option<String>,
    /// When its description last changed: a number in pushes, a text elsewhere.
    pub updated_at: ProviderTime,
    /// The next best where `updated_at` is not said.
    pub created_at: ProviderTime,
}

impl Repository {
    /// From the object `repository`.
    pub fn read(object: &Object<'_>) -> Self {
        Self {
            id: object.id("id"),
            full_name: object.full_name("full_name"),
            owner: object.object("owner").id("id"),
            default_branch: object.exact("default_branch", NAME),
            private: object.flag("private"),
            archived: object.flag("archived"),
            url: object.page("html_url"),
            updated_at: object.time("updated_at"),
            created_at: object.time("created_at"),
        }
    }
}
