//! `muster worker`, and what `serve` says of the worker that it runs.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::time::Duration;

use muster_ingest::work::WorkerSettings;

use super::retention::RetentionArgs;

/// Work off what webhooks and people have asked for
///
/// Takes jobs from the queue until it is told to stop. On PostgreSQL any number of workers share the jobs of one database, on any number of machines; on SQLite one is enough, and muster serve runs it. Ctrl-C (or SIGTERM) stops it in order: nothing more is begun, and what has not ended after the grace period is given back. A second one stops it at once, and what it did runs again.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster worker                              beside muster serve --no-worker, or on another machine
  muster worker --slots 16 --tenant-cap 16   for one tenant alone
  muster jobs list                           what it has to do

The log is JSON, a line each, on stderr (words on a terminal); MUSTER_LOG says how much of it: warn, debug, ...")]
pub(crate) struct WorkerArgs {
    #[command(flatten)]
    pub(crate) work: WorkArgs,

    /// Answer /healthz, /readyz and /metrics here; keep it inside [default: nowhere]
    #[arg(long, value_name = "ADDR")]
    pub(crate) watch: Option<SocketAddr>,

    /// Fetch from this host although its address is private [env: MUSTER_ALLOW_HOST, several with commas]
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,

    /// Fetch from any host and from this machine, for trying things out [env: MUSTER_ALLOW_LOCAL]
    #[arg(long)]
    pub(crate) allow_local: bool,

    /// Where everything is kept: a path, sqlite:///path or postgres://user:password@host/name [env: DATABASE_URL] [default: the user's data directory]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// How a worker works.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct WorkArgs {
    /// Jobs at once
    #[arg(long, value_name = "N", default_value = "8")]
    pub(crate) slots: NonZeroUsize,

    /// Jobs of one tenant at once, over all workers of the database, so that one that floods leaves room for others [default: three quarters of the slots]
    #[arg(long, value_name = "N")]
    pub(crate) tenant_cap: Option<NonZeroUsize>,

    /// How long jobs may go on once the worker is to stop, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) grace: u32,

    /// How long a job of a process that was killed waits until it runs again, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) lease: u32,

    /// How many processes may be lost with a job before it is dead
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) losses: u32,

    #[command(flatten)]
    pub(crate) retention: RetentionArgs,
}

impl WorkArgs {
    /// What the worker is told.
    pub(crate) fn settings(&self) -> WorkerSettings {
        let mut settings = WorkerSettings::with_slots(self.slots);
        settings.tenant_cap = self.tenant_cap.unwrap_or(settings.tenant_cap);
        settings.grace = Duration::from_secs(self.grace.into());
        settings.lease = Duration::from_secs(self.lease.into());
        settings.reap = settings.reap.min(settings.lease / 2);
        settings.retry.losses = self.losses.into();
        settings.retention = self.retention.retention();
        settings
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::tests::{help, refused};
    use crate::args::{Cli, Command};

    #[test]
    fn help_of_the_worker() {
        insta::assert_snapshot!(help(Some("worker")), @"
        Work off what webhooks and people have asked for

        Takes jobs from the queue until it is told to stop. On PostgreSQL any number of workers share the
        jobs of one database, on any number of machines; on SQLite one is enough, and muster serve runs it.
        Ctrl-C (or SIGTERM) stops it in order: nothing more is begun, and what has not ended after the grace
        period is given back. A second one stops it at once, and what it did runs again.

        Usage: muster worker [OPTIONS]

        Options:
              --slots <N>
                  Jobs at once

                  [default: 8]

              --tenant-cap <N>
                  Jobs of one tenant at once, over all workers of the database, so that one that floods
                  leaves room for others [default: three quarters of the slots]

              --grace <SECONDS>
                  How long jobs may go on once the worker is to stop, in seconds

                  [default: 30]

              --lease <SECONDS>
                  How long a job of a process that was killed waits until it runs again, in seconds

                  [default: 30]

              --losses <N>
                  How many processes may be lost with a job before it is dead

                  [default: 5]

              --watch <ADDR>
                  Answer /healthz, /readyz and /metrics here; keep it inside [default: nowhere]

              --allow-host <HOST>
                  Fetch from this host although its address is private [env: MUSTER_ALLOW_HOST, several with
                  commas]

              --allow-local
                  Fetch from any host and from this machine, for trying things out [env: MUSTER_ALLOW_LOCAL]

              --database <URL>
                  Where everything is kept: a path, sqlite:///path or postgres://user:password@host/name
                  [env: DATABASE_URL] [default: the user's data directory]

          -h, --help
                  Print help (see a summary with '-h')

        Retention:
              --keep-bodies <DAYS>
                  Days that the bodies of deliveries are kept, from which they can be planned again

                  [default: 30]

              --keep-deliveries <DAYS>
                  Days that deliveries are kept without their bodies: what became of them, and that a repeat
                  is one

                  [default: 400]

              --keep-jobs <DAYS>
                  Days that jobs are kept that are done; dead ones are kept until somebody looks at them

                  [default: 7]

              --keep-changes <DAYS>
                  Days that the stream of events can be caught up on

                  [default: 7]

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
          muster worker                              beside muster serve --no-worker, or on another machine
          muster worker --slots 16 --tenant-cap 16   for one tenant alone
          muster jobs list                           what it has to do

        The log is JSON, a line each, on stderr (words on a terminal); MUSTER_LOG says how much of it: warn,
        debug, ...
        ");
    }

    #[test]
    fn the_cap_of_a_tenant_follows_the_slots() {
        let of = |line: &str| {
            let Command::Worker(args) = Cli::parse_from(line.split(' ')).command else { unreachable!() };
            let settings = args.work.settings();
            (settings.slots.get(), settings.tenant_cap.get(), settings.grace)
        };
        assert_eq!(of("muster worker"), (8, 6, Duration::from_secs(30)));
        assert_eq!(of("muster worker --slots 16 --grace 1"), (16, 12, Duration::from_secs(1)));
        assert_eq!(of("muster worker --slots 2 --tenant-cap 9"), (2, 9, Duration::from_secs(30)));
        assert!(!refused(&["worker", "--slots", "0"]).is_empty());
    }
}
