//! `muster audit`.

use clap::Subcommand;
use muster_store::AuditHead;

use super::{Listing, Saved};

/// Read and verify the audit log
///
/// It tells what people and tokens did, and every change of access. Each entry hashes the one before it: docs/AUDIT_LOG.md says what that shows.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct AuditArgs {
    #[command(subcommand)]
    pub(crate) command: AuditCommand,
}

/// What can be done with it.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum AuditCommand {
    List(AuditListArgs),
    Verify(AuditVerifyArgs),
}

/// List the entries, newest first
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster audit list --limit 20
  muster audit list --oldest-first --limit all --format ndjson > audit.ndjson")]
pub(crate) struct AuditListArgs {
    /// The oldest first
    #[arg(long)]
    pub(crate) oldest_first: bool,

    #[command(flatten)]
    pub(crate) list: Listing,
}

/// Follow the whole chain and print its head
///
/// The head is the number and the hash of the last entry. Write it down outside the database: entries that were cut off at the end, or a log that was written anew, show only beside a head from before.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster audit verify > head             today's head; fails where the chain does not hold
  muster audit verify --expect-head \"$(cat head)\"")]
pub(crate) struct AuditVerifyArgs {
    /// The head of an earlier day: it has to be an entry of the log
    #[arg(long, value_name = "SEQ:HASH", value_parser = head)]
    pub(crate) expect_head: Option<AuditHead>,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

fn head(text: &str) -> Result<AuditHead, String> {
    text.parse().map_err(|_| "expected SEQ:HASH, the line that muster audit verify prints".to_owned())
}

impl AuditArgs {
    /// Where rows are kept, and whose they are.
    pub(super) fn saved(&self) -> &Saved {
        match &self.command {
            AuditCommand::List(args) => &args.list.saved,
            AuditCommand::Verify(args) => &args.saved,
        }
    }
}
