//! Who did it.

use std::fmt;

use crate::{TokenId, UserId};

/// So many characters of a name that the operating system gives: it is whatever somebody has set.
const LONGEST: usize = 100;

/// Who does something that is written down: `cli:<user name>`, `token:<id>` or `user:<id>`.
///
/// A claim, not a proof, where it comes from the command line: whoever can open the database can also say who he is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(String);

impl Actor {
    /// Somebody at the command line, by the name that the operating system has for him; `cli` where it has none.
    pub fn command_line(user_name: Option<&str>) -> Self {
        match user_name.map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => Self(format!("cli:{}", name.chars().take(LONGEST).collect::<String>())),
            None => Self("cli".to_owned()),
        }
    }

    /// Whoever has an API token of the organisation.
    pub fn token(id: TokenId) -> Self {
        Self(format!("token:{id}"))
    }

    /// A user.
    pub fn user(id: UserId) -> Self {
        Self(format!("user:{id}"))
    }

    /// As it is written down.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_passes_for_somebody_of_another_kind() {
        assert_eq!(Actor::command_line(Some("ada")).as_str(), "cli:ada");
        assert_eq!(Actor::command_line(Some("user:7")).as_str(), "cli:user:7");
        assert_eq!(Actor::command_line(Some(" ")), Actor::command_line(None));
        assert_eq!(Actor::command_line(Some(&"é".repeat(5000))).as_str().chars().count(), 104);
        assert_eq!(
            [Actor::token(TokenId(7)), Actor::user(UserId(7))].map(|a| a.to_string()),
            ["token:7", "user:7"]
        );
    }
}
