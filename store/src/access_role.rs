//! What a user or a token may do, from least to most.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a user or a token may do. Each may do what those before it may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccessRole {
    /// Look.
    #[default]
    Viewer,
    /// Connect and scan repositories.
    Member,
    /// Manage users and tokens.
    Admin,
    /// Everything, the organisation itself included.
    Owner,
}

/// A word that is no role. Fits "failed to ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected viewer, member, admin or owner")]
pub struct NotARole;

impl AccessRole {
    /// All, from least to most.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Member, Self::Admin, Self::Owner];

    /// The word of the column and of documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl fmt::Display for AccessRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AccessRole {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Self, NotARole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(NotARole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_documents_and_roles_have_an_order() {
        for role in AccessRole::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        assert!(AccessRole::ALL.is_sorted() && "Owner".parse::<AccessRole>().is_err());
    }
}
