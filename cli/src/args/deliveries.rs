//! `muster deliveries`.

use clap::Subcommand;
use muster_store::DeliveryStatus;

use super::{Format, Listing, Saved};

/// List, show and replay what webhooks have sent
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DeliveriesArgs {
    #[command(subcommand)]
    pub(crate) command: DeliveriesCommand,
}

/// What can be done with them.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum DeliveriesCommand {
    List(DeliveriesListArgs),
    Show(DeliveriesShowArgs),
    Replay(DeliveriesReplayArgs),
}

/// List deliveries, newest first
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster deliveries list                       the latest of the tenant
  muster deliveries list --status ignored      those that did nothing, and why
  muster deliveries list --all-tenants         also those whose tenant is not known yet")]
pub(crate) struct DeliveriesListArgs {
    /// Only those in this status: received, parked, ignored, done or dead
    #[arg(long, value_name = "STATUS", value_parser = status)]
    pub(crate) status: Option<DeliveryStatus>,

    /// Only those of this hook: its key, or app
    #[arg(long, value_name = "HOOK")]
    pub(crate) hook: Option<String>,

    /// Those of every tenant, and those that are nobody's yet
    #[arg(long)]
    pub(crate) all_tenants: bool,

    #[command(flatten)]
    pub(crate) list: Listing,
}

/// Show a delivery: what came, when, and what became of it
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster deliveries show 7                     the one that muster deliveries list shows as 7
  muster deliveries show 7 --body > body.json  its body, byte for byte")]
pub(crate) struct DeliveriesShowArgs {
    /// Its id
    #[arg(value_name = "ID", value_parser = id)]
    pub(crate) id: i64,

    /// Print the body, byte for byte, and nothing else
    #[arg(long, conflicts_with = "format")]
    pub(crate) body: bool,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// Also where it is another tenant's, or nobody's yet
    #[arg(long)]
    pub(crate) all_tenants: bool,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// Plan deliveries once more, as if they had just come
///
/// What a delivery asks for is done again; that changes nothing where it was done before. The ids go to standard output, a line each. Of --status, --reason and --waits-for all that are given have to be so.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster deliveries replay 7 9                            these two
  muster deliveries replay 7 --dry-run                    whether that is possible
  muster deliveries replay --status dead --dry-run        how many are dead, and which ones
  muster deliveries replay --status ignored --reason \"nothing is done for the event star\"
  muster deliveries replay --waits-for installation:7 --all-tenants")]
pub(crate) struct DeliveriesReplayArgs {
    /// Their ids
    #[arg(value_name = "ID", value_parser = id, required_unless_present_any = ["status", "reason", "waits_for"], conflicts_with_all = ["status", "reason", "waits_for"])]
    pub(crate) ids: Vec<i64>,

    /// All in this status: parked, ignored, done or dead
    #[arg(long, value_name = "STATUS", value_parser = planned)]
    pub(crate) status: Option<DeliveryStatus>,

    /// All with this reason, exactly as muster deliveries show says it
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,

    /// All that are parked for this, as muster deliveries show says it: installation:7, repository:12
    #[arg(long, value_name = "TEXT")]
    pub(crate) waits_for: Option<String>,

    /// Only say which ones
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Also where they are another tenant's, or nobody's yet
    #[arg(long)]
    pub(crate) all_tenants: bool,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

fn id(text: &str) -> Result<i64, String> {
    let id = text.parse().ok().filter(|id| *id > 0);
    id.ok_or_else(|| "expected the id that muster deliveries list shows".to_owned())
}

fn status(text: &str) -> Result<DeliveryStatus, String> {
    use DeliveryStatus::{Dead, Done, Ignored, Parked, Received};
    let found = [Received, Parked, Ignored, Done, Dead].into_iter().find(|status| status.as_str() == text);
    found.ok_or_else(|| "expected received, parked, ignored, done or dead".to_owned())
}

/// Whatever is no longer to be planned anyway.
fn planned(text: &str) -> Result<DeliveryStatus, String> {
    let found = status(text).ok().filter(|status| *status != DeliveryStatus::Received);
    found.ok_or_else(|| "expected parked, ignored, done or dead".to_owned())
}

impl DeliveriesArgs {
    /// Where rows are kept, and whose they are.
    pub(super) fn saved(&self) -> &Saved {
        match &self.command {
            DeliveriesCommand::List(args) => &args.list.saved,
            DeliveriesCommand::Show(args) => &args.saved,
            DeliveriesCommand::Replay(args) => &args.saved,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::args::tests::{help, refused};

    #[test]
    fn help_of_one_delivery() {
        insta::assert_snapshot!(help(Some("deliveries show")), @"
        Show a delivery: what came, when, and what became of it

        Usage: muster deliveries show [OPTIONS] <ID>

        Arguments:
          <ID>
                  Its id

        Options:
              --body
                  Print the body, byte for byte, and nothing else

              --format <FORMAT>
                  How to print it

                  Possible values:
                  - table:  For people
                  - json:   One JSON value
                  - ndjson: A JSON value a line

                  [default: table]

              --all-tenants
                  Also where it is another tenant's, or nobody's yet

              --database <URL>
                  Where everything is kept: a path, sqlite:///path or postgres://user:password@host/name
                  [env: DATABASE_URL] [default: the user's data directory]

              --tenant <NAME>
                  Whose it is [env: MUSTER_TENANT] [default: default]

          -h, --help
                  Print help (see a summary with '-h')

        Global options:
              --color <WHEN>
                  When to colour

                  Possible values:
                  - auto:   On a terminal, unless NO_COLOR is set
                  - always: Also into a file or pipe
                  - never:  Never

              --config <FILE>
                  Read this configuration instead of the user's own

        Examples:
          muster deliveries show 7                     the one that muster deliveries list shows as 7
          muster deliveries show 7 --body > body.json  its body, byte for byte
        ");
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let said = [
            "deliveries replay",
            "deliveries replay 7 --status dead",
            "deliveries replay --status received",
            "deliveries show 7 --body --format json",
            "deliveries list --status gone",
        ]
        .map(|line| format!("{line}: {}", refused(&line.split(' ').collect::<Vec<_>>())));
        insta::assert_snapshot!(said.join("\n"), @"
        deliveries replay: error: the following required arguments were not provided:
        deliveries replay 7 --status dead: error: the argument '[ID]...' cannot be used with '--status <STATUS>'
        deliveries replay --status received: error: invalid value 'received' for '--status <STATUS>': expected parked, ignored, done or dead
        deliveries show 7 --body --format json: error: the argument '--body' cannot be used with '--format <FORMAT>'
        deliveries list --status gone: error: invalid value 'gone' for '--status <STATUS>': expected received, parked, ignored, done or dead
        ");
    }
}
