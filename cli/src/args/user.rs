//! `muster user`.

use clap::Subcommand;
use muster_store::{AccessRole, EmailAddress};

use super::{Listing, Saved, name};

/// Add, list, change and remove the users of a tenant
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct UserArgs {
    #[command(subcommand)]
    pub(crate) command: UserCommand,
}

/// What can be done with them.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum UserCommand {
    Add(UserAddArgs),
    List(UserListArgs),
    Role(UserRoleArgs),
    Remove(UserRemoveArgs),
}

/// Add a user, or take up one again who was removed
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster user add ada@example.org --role owner
  muster user add bob@example.org --name 'Bob B' --tenant acme")]
pub(crate) struct UserAddArgs {
    /// The e-mail address; taken in lower case
    #[arg(value_name = "EMAIL", value_parser = email)]
    pub(crate) email: EmailAddress,

    /// The name
    #[arg(long, value_name = "TEXT", value_parser = name)]
    pub(crate) name: Option<String>,

    /// What the user may do: viewer, member, admin or owner
    #[arg(long, value_name = "ROLE", value_parser = role, default_value = "member")]
    pub(crate) role: AccessRole,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// List users, in the order in which they were added
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct UserListArgs {
    /// Also those who were removed
    #[arg(long)]
    pub(crate) all: bool,

    #[command(flatten)]
    pub(crate) list: Listing,
}

/// Change what a user may do
///
/// The user's tokens that allow more than the new role are revoked. The last owner stays one.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster user role bob@example.org admin")]
pub(crate) struct UserRoleArgs {
    /// The e-mail address
    #[arg(value_name = "EMAIL", value_parser = email)]
    pub(crate) email: EmailAddress,

    /// What the user may do from now on: viewer, member, admin or owner
    #[arg(value_name = "ROLE", value_parser = role)]
    pub(crate) role: AccessRole,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// Remove a user, and revoke the user's tokens
///
/// What the user did stays told under the same number, and whoever is added again gets it back; revoked tokens stay revoked. The last owner stays.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster user remove bob@example.org")]
pub(crate) struct UserRemoveArgs {
    /// The e-mail address
    #[arg(value_name = "EMAIL", value_parser = email)]
    pub(crate) email: EmailAddress,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// An address of a user.
pub(super) fn email(text: &str) -> Result<EmailAddress, String> {
    text.parse().map_err(|error: muster_store::NotAnEmailAddress| error.to_string())
}

/// What somebody may do.
pub(super) fn role(text: &str) -> Result<AccessRole, String> {
    text.parse().map_err(|error: muster_store::NotARole| error.to_string())
}

impl UserArgs {
    /// Where rows are kept, and whose they are.
    pub(super) fn saved(&self) -> &Saved {
        match &self.command {
            UserCommand::Add(args) => &args.saved,
            UserCommand::List(args) => &args.list.saved,
            UserCommand::Role(args) => &args.saved,
            UserCommand::Remove(args) => &args.saved,
        }
    }
}
