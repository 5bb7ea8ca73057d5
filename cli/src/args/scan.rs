//! `muster scan`.

use super::{Count, Format, Saved};

/// Scan a repository: its projects, tasks and history
///
/// PATH is a folder (a checkout, a bare repository, or no repository at all), URL an https address. Of a folder the files on disk are read, as Git would see them; of anything else a commit, straight from the object database. Nothing is checked out, no hook or filter is run, and no submodule is fetched.
///
/// What is found is also saved, unless --no-save is given: `muster projects`, `tasks`, `commits` and `repos` read it back.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct ScanArgs {
    /// A folder or an https address
    #[arg(value_name = "PATH|URL", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) source: String,

    /// How to print it
    ///
    /// The shape of json is stable: docs/scan-document.schema.json. ndjson holds the same things, a line each.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// Show fixtures, templates and vendored projects too
    ///
    /// They are left out and counted otherwise; vendored directories are not even looked into. What is saved is the same.
    #[arg(long)]
    pub(crate) all: bool,

    /// Print the newest N commits, or all
    ///
    /// Each with its parents, author, committer, message, changed paths, the projects that these belong to, and what its message refers to.
    #[arg(long, value_name = "N|all")]
    pub(crate) commits: Option<Count>,

    /// Scan this revision instead of HEAD or the default branch
    ///
    /// A branch, a tag or a commit. It is printed, not saved: the database holds the present state of one line only.
    #[arg(long, value_name = "REV")]
    pub(crate) rev: Option<String>,

    /// Save nothing
    #[arg(long)]
    pub(crate) no_save: bool,

    /// Leave history out: neither read nor saved
    #[arg(long, conflicts_with = "commits")]
    pub(crate) no_history: bool,

    /// Show submodules as a commit shows them, without looking inside
    #[arg(long)]
    pub(crate) no_submodules: bool,

    /// Say why a directory is or is not a project, and nothing else
    ///
    /// Which file makes it one, by which rule, and in which role. PATH is taken from the root of the repository.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["format", "commits"])]
    pub(crate) explain: Option<String>,

    /// Also contact this host, whatever its address (repeatable) [env: MUSTER_ALLOW_HOST]
    ///
    /// Hosts whose addresses are private, loopback or link-local are refused otherwise.
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,

    /// Also contact hosts whose addresses are private, loopback or link-local [env: MUSTER_ALLOW_LOCAL]
    #[arg(long)]
    pub(crate) allow_local: bool,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

const EXAMPLES: &str = "\
Examples:
  muster scan .                              the tree of projects of this repository
  muster scan packages/ui                    the same, narrowed to what lies below
  muster scan https://github.com/owner/name  cloned into the cache; next time only what is new
  muster scan . --rev v1.2.0 --format json   a tag, as the stable scan document
  muster scan . --commits 20                 with the newest twenty commits
  muster scan . --commits all --format ndjson | grep '\"type\":\"commit\"'
  muster scan . --explain docs/site          why is there no project here?";
