//! `muster installation`.

use clap::Subcommand;

use super::{Listing, Saved};

/// Claim installations of the GitHub App for a tenant
///
/// What an installation sends belongs to the tenant that has claimed it. Until then it is kept and waits.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct InstallationArgs {
    #[command(subcommand)]
    pub(crate) command: InstallationCommand,
}

/// What can be done with them.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum InstallationCommand {
    Claim(InstallationClaimArgs),
    List(InstallationListArgs),
}

/// Make an installation the tenant's, and plan again what has waited for that
///
/// Claim what you know to be yours: whoever claims an installation sees what its repositories hold. Its id is the number at the end of the address of its settings at GitHub; muster doctor names those that wait.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster installation claim 12345678 acme --tenant acme")]
pub(crate) struct InstallationClaimArgs {
    /// GitHub's id of the installation
    #[arg(value_name = "ID", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) id: i64,

    /// The account that it is installed for, as GitHub has it
    #[arg(value_name = "ACCOUNT", value_parser = super::name)]
    pub(crate) account: String,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// List the installations that the tenant has claimed
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct InstallationListArgs {
    #[command(flatten)]
    pub(crate) list: Listing,
}

impl InstallationArgs {
    /// Where rows are kept, and whose they are.
    pub(super) fn saved(&self) -> &Saved {
        match &self.command {
            InstallationCommand::Claim(args) => &args.saved,
            InstallationCommand::List(args) => &args.list.saved,
        }
    }
}
