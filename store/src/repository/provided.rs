//! What the provider says of a repository, and how it came to us. Names come and go; the id is the identity.

use crate::database::Row;
use crate::words::word;
use crate::{Provider, StoreError, Timestamp};

/// A repository as its provider knows it. All of it is empty for one that was only scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provided {
    /// The provider, and its id there.
    pub id: Option<(Provider, i64)>,
    /// `owner/name`, as far as it is known.
    pub full_name: Option<String>,
    /// The branch whose state is the repository's, as the provider says.
    pub default_branch: Option<String>,
    /// When somebody connected it; `None`: it was only scanned.
    pub connected_at: Option<Timestamp>,
    /// The App's installation that reads it; `None`: a plain hook's.
    pub installation: Option<i64>,
    /// The account that owns it.
    pub owner: Option<i64>,
    /// Whether only members may see it.
    pub private: Option<bool>,
    /// Whether it is frozen.
    pub archived: Option<bool>,
    /// Where a person can see it. To show, never to contact.
    pub url: Option<String>,
    /// Since when the provider has it no longer.
    pub gone_at: Option<Timestamp>,
}

impl Provided {
    pub(super) fn from_row(row: &Row) -> Result<Self, StoreError> {
        let time = |column| Ok::<_, StoreError>(row.maybe_int(column)?.map(Timestamp));
        let id = row.maybe_text("provider")?.zip(row.maybe_int("provider_repo_id")?);
        Ok(Self {
            id: id.map(|(provider, id)| Ok::<_, StoreError>((word(&provider)?, id))).transpose()?,
            full_name: row.maybe_text("full_name")?,
            default_branch: row.maybe_text("default_branch")?,
            connected_at: time("connected_at")?,
            installation: row.maybe_int("installation_id")?,
            owner: row.maybe_int("owner_id")?,
            private: row.maybe_flag("is_private")?,
            archived: row.maybe_flag("is_archived")?,
            url: row.maybe_text("web_url")?,
            gone_at: time("gone_at")?,
        })
    }
}
