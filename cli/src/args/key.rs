//! `muster key`: the key from outside the database that wraps the tenants' keys.

use std::path::PathBuf;

use clap::Subcommand;

use super::Format;
use super::tenant::Kept;

/// Make and change the key that secrets are kept with
///
/// It comes from outside the database: from the file that MUSTER_KEY_FILE (or key_file in the configuration) names, from the variable MUSTER_KEY, or from the file that `muster key init` makes unless told otherwise.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    pub(crate) command: KeyCommand,
}

/// What can be done with keys.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum KeyCommand {
    Init(InitArgs),
    Status(StatusArgs),
    Rotate(RotateArgs),
}

/// Make a key file that its owner alone can read
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct InitArgs {
    /// Where [default: as configured, else muster.key in the user's data directory]
    #[arg(long, value_name = "PATH")]
    pub(crate) file: Option<PathBuf>,
}

/// Say which keys are at hand, which one each tenant needs, and which are missing
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct StatusArgs {
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// Put a new key in front of the key file and wrap every tenant's key with it
///
/// Where some tenant still needs a former key, because a rotation was cut off or because the new key came with the file, no further key is made: what is left is wrapped with the current one.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster key rotate                      a new key; the former one stays in the file
  muster key rotate --drop-old           when no backup needs the former ones any more")]
pub(crate) struct RotateArgs {
    /// Make no key, but take the former ones out of the file once no tenant of this database needs them
    ///
    /// Other databases that use the same file are not looked at.
    #[arg(long)]
    pub(crate) drop_old: bool,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

impl KeyArgs {
    /// `--database`
    pub(crate) fn database(&self) -> Option<&str> {
        let kept = match &self.command {
            KeyCommand::Init(_) => return None,
            KeyCommand::Status(args) => &args.kept,
            KeyCommand::Rotate(args) => &args.kept,
        };
        kept.database.as_deref()
    }
}
