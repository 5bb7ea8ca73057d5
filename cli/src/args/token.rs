//! `muster token`.

use clap::Subcommand;
use muster_store::{AccessRole, EmailAddress};

use super::user::{email, role};
use super::{Listing, Saved, name};

/// The milliseconds of an hour.
const HOUR: i64 = 3_600_000;
/// A hundred years of hours: more is a typing error.
const LONGEST: i64 = 100 * 366 * 24;

/// Make, list and revoke API tokens
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TokenArgs {
    #[command(subcommand)]
    pub(crate) command: TokenCommand,
}

/// What can be done with them.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum TokenCommand {
    Create(TokenCreateArgs),
    List(TokenListArgs),
    Revoke(TokenRevokeArgs),
}

/// Make a token and print it, this once
///
/// The token alone goes to standard output. It is not stored, only its hash is: who loses it makes another.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster token create dashboard                    one that may look, and never expires
  muster token create ci --role member --expires 90d > token
  muster token create laptop --user ada@example.org --role admin")]
pub(crate) struct TokenCreateArgs {
    /// What it is for
    #[arg(value_name = "NAME", value_parser = name)]
    pub(crate) name: String,

    /// What it allows: viewer, member, admin or owner
    #[arg(long, value_name = "ROLE", value_parser = role, default_value = "viewer")]
    pub(crate) role: AccessRole,

    /// How long it is valid: hours, days or weeks, such as 12h, 90d, 4w [default: until it is revoked]
    #[arg(long, value_name = "TIME", value_parser = lifetime)]
    pub(crate) expires: Option<Lifetime>,

    /// The user it belongs to: it never allows more than the user may do, and is revoked when the user is removed [default: the tenant's own]
    #[arg(long, value_name = "EMAIL", value_parser = email)]
    pub(crate) user: Option<EmailAddress>,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// List valid tokens, by their first letters
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TokenListArgs {
    /// Also those that were revoked or have expired
    #[arg(long)]
    pub(crate) all: bool,

    #[command(flatten)]
    pub(crate) list: Listing,
}

/// Revoke a token: it is refused from now on
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster token revoke 7                  the one that muster token list shows as 7")]
pub(crate) struct TokenRevokeArgs {
    /// Its id
    #[arg(value_name = "ID", value_parser = id)]
    pub(crate) id: i64,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// How long a token is valid, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lifetime(pub(crate) i64);

fn id(text: &str) -> Result<i64, String> {
    let id = text.parse().ok().filter(|id| *id > 0);
    id.ok_or_else(|| "expected the id that muster token list shows".to_owned())
}

fn lifetime(text: &str) -> Result<Lifetime, String> {
    let units = [("h", 1), ("d", 24), ("w", 7 * 24)];
    let given = units.iter().find_map(|(unit, hours)| Some((text.strip_suffix(unit)?, hours)));
    let hours = given.and_then(|(number, hours)| number.parse::<i64>().ok()?.checked_mul(*hours));
    match hours {
        Some(hours) if (1..=LONGEST).contains(&hours) => Ok(Lifetime(hours * HOUR)),
        _ => {
            Err("expected a number of hours, days or weeks, such as 12h, 90d or 4w, 100 years at most"
                .to_owned())
        }
    }
}

impl TokenArgs {
    /// Where rows are kept, and whose they are.
    pub(super) fn saved(&self) -> &Saved {
        match &self.command {
            TokenCommand::Create(args) => &args.saved,
            TokenCommand::List(args) => &args.list.saved,
            TokenCommand::Revoke(args) => &args.saved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_id_is_told_where_to_find_one() {
        assert_eq!(id("7"), Ok(7));
        for text in ["abc", "", "0", "-1", "9223372036854775808"] {
            assert_eq!(id(text), Err("expected the id that muster token list shows".to_owned()), "{text}");
        }
    }

    #[test]
    fn times_are_hours_days_and_weeks() {
        let of = |text| lifetime(text).ok().map(|Lifetime(milliseconds)| milliseconds / HOUR);
        assert_eq!((of("12h"), of("90d"), of("4w")), (Some(12), Some(2160), Some(672)));
        for text in [
            "",
            "d",
            "0d",
            "-1d",
            "90",
            "1.5d",
            "90 d",
            "1m",
            "99999999999999999999d",
            "9223372036854775807w",
            "40000d",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
