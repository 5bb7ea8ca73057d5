//! `muster jobs`.

use clap::Subcommand;
use muster_store::JobState;

use super::{Format, Listing, Saved};

/// List, show and retry what is to be done in the background
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct JobsArgs {
    #[command(subcommand)]
    pub(crate) command: JobsCommand,
}

/// What can be done with them.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum JobsCommand {
    List(JobsListArgs),
    Show(JobsShowArgs),
    Retry(JobsRetryArgs),
}

/// List jobs, newest first
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster jobs list                           the latest jobs of the tenant
  muster jobs list --state dead              those that only a person can make run again
  muster jobs list --dead --by-cause         the same, grouped by what they died of
  muster jobs list --kind look --all-tenants every tenant's looks at repositories")]
pub(crate) struct JobsListArgs {
    /// Only those in this state: ready, running, done or dead
    #[arg(long, value_name = "STATE", value_parser = state)]
    pub(crate) state: Option<JobState>,

    /// Only those of this kind, such as route, look, apply or prune
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,

    /// Only dead ones: the same as --state dead
    #[arg(long, conflicts_with = "state")]
    pub(crate) dead: bool,

    /// Grouped by what they died of
    #[arg(long, requires = "dead", conflicts_with_all = ["kind", "after"])]
    pub(crate) by_cause: bool,

    /// Those of every tenant, and those that are nobody's
    #[arg(long)]
    pub(crate) all_tenants: bool,

    #[command(flatten)]
    pub(crate) list: Listing,
}

/// Show a job with every error that it met
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster jobs show 7                         the one that muster jobs list shows as 7")]
pub(crate) struct JobsShowArgs {
    /// Its id
    #[arg(value_name = "ID", value_parser = id)]
    pub(crate) id: i64,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// Also where it is another tenant's, or nobody's
    #[arg(long)]
    pub(crate) all_tenants: bool,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// Let jobs run now: dead ones again, ready ones without waiting for their time
///
/// A dead job starts with all its attempts and keeps every error that it met. The ids go to standard output, a line each.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster jobs retry 7 9                                          these two
  muster jobs retry --kind look --cause \"remote gone\" --dry-run  which ones that would be
  muster jobs retry --kind look --cause \"remote gone\"            all that died of it")]
pub(crate) struct JobsRetryArgs {
    /// Their ids
    #[arg(value_name = "ID", value_parser = id, required_unless_present = "kind", conflicts_with_all = ["kind", "cause"])]
    pub(crate) ids: Vec<i64>,

    /// All dead ones of this kind that died of one cause
    #[arg(long, value_name = "KIND", requires = "cause")]
    pub(crate) kind: Option<String>,

    /// The cause, as muster jobs list --dead --by-cause shows it
    #[arg(long, value_name = "CAUSE", requires = "kind")]
    pub(crate) cause: Option<String>,

    /// Only say which ones
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Also where they are another tenant's, or nobody's
    #[arg(long)]
    pub(crate) all_tenants: bool,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

fn id(text: &str) -> Result<i64, String> {
    let id = text.parse().ok().filter(|id| *id > 0);
    id.ok_or_else(|| "expected the id that muster jobs list shows".to_owned())
}

fn state(text: &str) -> Result<JobState, String> {
    let all = [JobState::Ready, JobState::Running, JobState::Done, JobState::Dead];
    let found = all.into_iter().find(|state| state.as_str() == text);
    found.ok_or_else(|| "expected ready, running, done or dead".to_owned())
}

impl JobsListArgs {
    /// The state that is asked for, in either way.
    pub(crate) fn wanted(&self) -> Option<JobState> {
        if self.dead { Some(JobState::Dead) } else { self.state }
    }
}

impl JobsArgs {
    /// Where rows are kept, and whose they are.
    pub(super) fn saved(&self) -> &Saved {
        match &self.command {
            JobsCommand::List(args) => &args.list.saved,
            JobsCommand::Show(args) => &args.saved,
            JobsCommand::Retry(args) => &args.saved,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::args::tests::{help, refused};

    #[test]
    fn help_of_jobs_that_are_run_again() {
        insta::assert_snapshot!(help(Some("jobs retry")), @r#"
        Let jobs run now: dead ones again, ready ones without waiting for their time

        A dead job starts with all its attempts and keeps every error that it met. The ids go to standard
        output, a line each.

        Usage: muster jobs retry [OPTIONS] [ID]...

        Arguments:
          [ID]...
                  Their ids

        Options:
              --kind <KIND>
                  All dead ones of this kind that died of one cause

              --cause <CAUSE>
                  The cause, as muster jobs list --dead --by-cause shows it

              --dry-run
                  Only say which ones

              --all-tenants
                  Also where they are another tenant's, or nobody's

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
          muster jobs retry 7 9                                          these two
          muster jobs retry --kind look --cause "remote gone" --dry-run  which ones that would be
          muster jobs retry --kind look --cause "remote gone"            all that died of it
        "#);
    }

    #[test]
    fn help_of_the_list() {
        insta::assert_snapshot!(help(Some("jobs list")), @"
        List jobs, newest first

        Usage: muster jobs list [OPTIONS]

        Options:
              --state <STATE>
                  Only those in this state: ready, running, done or dead

              --kind <KIND>
                  Only those of this kind, such as route, look, apply or prune

              --dead
                  Only dead ones: the same as --state dead

              --by-cause
                  Grouped by what they died of

              --all-tenants
                  Those of every tenant, and those that are nobody's

              --format <FORMAT>
                  How to print it

                  Possible values:
                  - table:  For people
                  - json:   One JSON value
                  - ndjson: A JSON value a line

                  [default: table]

              --limit <N|all>
                  At most so many, or all

                  [default: 100]

              --after <ID>
                  Those behind this one: the id that the page before ended with

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
          muster jobs list                           the latest jobs of the tenant
          muster jobs list --state dead              those that only a person can make run again
          muster jobs list --dead --by-cause         the same, grouped by what they died of
          muster jobs list --kind look --all-tenants every tenant's looks at repositories
        ");
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let said = [
            "jobs retry",
            "jobs retry 7 --kind look",
            "jobs retry --kind look",
            "jobs retry x",
            "jobs list --by-cause",
            "jobs list --dead --state ready",
            "jobs list --state gone",
            "jobs show 0",
        ]
        .map(|line| format!("{line}: {}", refused(&line.split(' ').collect::<Vec<_>>())));
        insta::assert_snapshot!(said.join("\n"), @"
        jobs retry: error: the following required arguments were not provided:
        jobs retry 7 --kind look: error: the argument '[ID]...' cannot be used with '--kind <KIND>'
        jobs retry --kind look: error: the following required arguments were not provided:
        jobs retry x: error: invalid value 'x' for '[ID]...': expected the id that muster jobs list shows
        jobs list --by-cause: error: the following required arguments were not provided:
        jobs list --dead --state ready: error: the argument '--dead' cannot be used with '--state <STATE>'
        jobs list --state gone: error: invalid value 'gone' for '--state <STATE>': expected ready, running, done or dead
        jobs show 0: error: invalid value '0' for '<ID>': expected the id that muster jobs list shows
        ");
    }
}
