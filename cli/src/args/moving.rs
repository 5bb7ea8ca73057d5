//! `muster tenant export | import` and `muster transfer`.

use std::path::PathBuf;

use super::name;

/// Write everything that belongs to a tenant into a file
///
/// A line of JSON a row, all from one state of the database, with an end by which a file that was cut off or altered is known. A file of that name is replaced when the export is whole, and not before: one that is cut off leaves FILE.partial, which the next export to FILE takes the place of.
///
/// Secrets are exported as they are kept: sealed, wrapped by the key of MUSTER_KEY_FILE, or hashed. Whoever has the file and that key can open them.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster tenant export acme --output acme.ndjson
  muster tenant export acme | zstd > acme.ndjson.zst")]
pub(crate) struct ExportArgs {
    /// The tenant's short name
    #[arg(value_name = "NAME", value_parser = name)]
    pub(crate) tenant: String,

    /// Where to: a file, or - for standard output
    #[arg(long, value_name = "FILE|-", default_value = "-")]
    pub(crate) output: PathBuf,

    /// Where everything is kept: a path, sqlite:///path or postgres://user:password@host/name [env: DATABASE_URL] [default: the user's data directory]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// Bring in a tenant from its export
///
/// Whole or not at all, on either engine, whichever it came from. The file is read to its end and checked before anything is written; one that is cut off is started again. On SQLite others that write wait meanwhile.
///
/// With --as it becomes another tenant. What belongs to the first alone stays behind and is named: tokens, addresses of hooks, installations, deliveries, jobs, the audit log; and secrets, unless the key of MUSTER_KEY_FILE is at hand to seal them anew.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster tenant import acme.ndjson
  muster tenant import acme.ndjson --as acme-trial
  zstd -dc acme.ndjson.zst | muster tenant import -")]
pub(crate) struct ImportArgs {
    /// The export: a file, or - for standard input
    #[arg(value_name = "FILE|-")]
    pub(crate) file: PathBuf,

    /// The short name of a new tenant, instead of the one that was exported
    #[arg(long = "as", value_name = "NAME", value_parser = name)]
    pub(crate) copy_as: Option<String>,

    /// Where everything is kept: a path, sqlite:///path or postgres://user:password@host/name [env: DATABASE_URL] [default: the user's data directory]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// Move everything into an empty database, on SQLite or PostgreSQL
///
/// Stop the service meanwhile: a change of the source is noticed, and the work is done anew. The source is only read. The target gets its tables first; on PostgreSQL its address is that of the role that is to own them, past any pooler. A transfer that was cut off goes on when it is started again. At the end both databases are read once more and compared, table by table.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster transfer --from muster.db --to postgres://owner:password@host/muster --dry-run
  muster transfer --from muster.db --to postgres://owner:password@host/muster
  muster transfer --from postgres://owner:password@host/muster --to back.db")]
pub(crate) struct TransferArgs {
    /// The database to read: a path, sqlite:///path or postgres://user:password@host/name
    #[arg(long, value_name = "URL")]
    pub(crate) from: String,

    /// The database to fill
    #[arg(long, value_name = "URL")]
    pub(crate) to: String,

    /// Only say what would be moved
    #[arg(long)]
    pub(crate) dry_run: bool,
}
