//! `muster doctor`: what is wrong with this set-up.

use super::Format;

/// Say what is wrong with this set-up, and how to mend it
///
/// Looks whether it answers, whether its schema is this program's, as whom the program works, whether anything could lead from one tenant to another, and whether the file is whole; then whether connected repositories are heard, and what waits or has died in the queue. Nothing is changed. It ends with 1 where something is wrong.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster doctor                                     the database that every command uses
  muster doctor --database postgres://user:password@host/name --format json")]
pub(crate) struct DoctorArgs {
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// Which database: a path, sqlite:///path or postgres://user:password@host/name [env: DATABASE_URL] [default: the user's data directory]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}
