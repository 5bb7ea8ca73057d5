//! Addresses of users.
//!
//! An address is who somebody is here, so one person has one spelling: all of it in lower case. The standard lets a
//! server tell `Ada@` from `ada@` (RFC 5321, section 2.4); none does, and two rows that differ so would be one person
//! with two sets of rights.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The most characters: 64 before the `@` and 255 behind it (RFC 5321, section 4.5.3.1).
const LONGEST: usize = 320;

/// An address: `ada@example.org`. One `@` with something on either side, no blanks, no control characters, none of
/// `"(),:;<>[\]`, no dot at an end or beside another behind the `@`. Trimmed and in lower case. Whether anybody
/// reads what is sent there only a mail can tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

/// A text that is not taken for an address. Fits "failed to ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected an e-mail address such as ada@example.org, of 320 characters at most")]
pub struct NotAnEmailAddress;

impl EmailAddress {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One that was read from a row.
    pub(crate) fn from_stored(text: String) -> Self {
        Self(text)
    }
}

impl FromStr for EmailAddress {
    type Err = NotAnEmailAddress;

    fn from_str(text: &str) -> Result<Self, NotAnEmailAddress> {
        let address = text.trim().to_lowercase();
        let refused = |c: char| c.is_whitespace() || c.is_control() || "\"(),:;<>[\\]".contains(c);
        let (local, domain) = address.split_once('@').ok_or(NotAnEmailAddress)?;
        let is_domain = domain.split('.').all(|label| !label.is_empty());
        let is_address =
            !local.is_empty() && is_domain && !domain.contains('@') && !address.contains(refused);
        if is_address && address.chars().count() <= LONGEST {
            Ok(Self(address))
        } else {
            Err(NotAnEmailAddress)
        }
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_person_has_one_spelling() {
        for text in ["ada@example.org", " Ada@Example.ORG\n", "ADA@EXAMPLE.ORG"] {
            assert_eq!(text.parse::<EmailAddress>().unwrap().as_str(), "ada@example.org");
        }
        for text in
            ["a@b", "o'neil+muster@sub.example.org", "ädä@bücher.example", "a.b@1.2", "x!#$%&*/=?^_`{|}~-@y"]
        {
            assert!(text.parse::<EmailAddress>().is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "@",
            "a@",
            "@b",
            "a",
            "a@b@c",
            "a b@c",
            "a@b c",
            "a@.b",
            "a@b.",
            "a@b..c",
            "a\0@b",
            "a@b\u{1b}[2J",
            "<a@b>",
            "Ada <ada@example.org>",
            "a@b,c@d",
            "\"a\"@b",
            "a@[127.0.0.1]",
            "a\u{a0}@b",
            &format!("a@{}", "b".repeat(319)),
        ] {
            assert_eq!(text.parse::<EmailAddress>(), Err(NotAnEmailAddress), "{text}");
        }
        assert!(format!("a@{}", "b".repeat(318)).parse::<EmailAddress>().is_ok());
    }

    proptest! {
        #[test]
        fn what_was_taken_is_taken_again_as_it_is(text in "\\PC{0,12}@\\PC{0,12}") {
            if let Ok(address) = text.parse::<EmailAddress>() {
                let again = address.as_str().parse();
                prop_assert_eq!(again, Ok(address));
            }
        }
    }
}
