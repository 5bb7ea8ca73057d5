//! `muster serve`.

use std::net::{IpAddr, SocketAddr};

use super::WorkArgs;

/// Receive webhooks, and work off what they ask for
///
/// Deliveries of a GitHub App come to /api/v2/webhooks/github and are signed with MUSTER_GITHUB_WEBHOOK_SECRET; those of a single repository's hook come to /api/v2/webhooks/github/KEY and are signed with its own secret. What is answered with 2xx is on the disk, and is worked off afterwards. Ctrl-C (or SIGTERM) stops it in order, a second one at once.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster serve                                       on this machine alone, at 127.0.0.1:8080
  MUSTER_GITHUB_WEBHOOK_SECRET=new,old muster serve  while a secret is being changed
  muster serve --listen '[::]:8080' --proxy 10.0.0.5 behind a proxy, which TLS is for

The log is JSON, a line each, on stderr (words on a terminal); MUSTER_LOG says how much of it: warn, debug, ...")]
pub(crate) struct ServeArgs {
    /// Where to listen [env: MUSTER_LISTEN] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,

    /// Only receive; muster worker, here or elsewhere, works off what comes
    #[arg(long)]
    pub(crate) no_worker: bool,

    #[command(flatten)]
    pub(crate) work: WorkArgs,

    /// Connections at once; the one that has been idle for longest makes room for the next
    #[arg(long, value_name = "N", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_connections: u32,

    /// Connections at once of one address; loopback and proxies are not counted
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_per_address: u32,

    /// The address of a proxy in front of this, as often as there are some
    #[arg(long, value_name = "IP")]
    pub(crate) proxy: Vec<IpAddr>,

    /// Memory that bodies of deliveries may take up at once, in MiB; what comes beyond it is answered 503
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u32).range(34..=65_536))]
    pub(crate) body_budget: u32,

    /// Fetch from this host although its address is private [env: MUSTER_ALLOW_HOST, several with commas]
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,

    /// Fetch from any host and from this machine, for trying things out; refused where others can call [env: MUSTER_ALLOW_LOCAL]
    #[arg(long)]
    pub(crate) allow_local: bool,

    /// Where everything is kept: a path, sqlite:///path or postgres://user:password@host/name [env: DATABASE_URL] [default: the user's data directory]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

#[cfg(test)]
mod tests {
    use crate::args::tests::help;

    #[test]
    fn help_of_serve() {
        insta::assert_snapshot!(help(Some("serve")), @"
        Receive webhooks, and work off what they ask for

        Deliveries of a GitHub App come to /api/v2/webhooks/github and are signed with
        MUSTER_GITHUB_WEBHOOK_SECRET; those of a single repository's hook come to
        /api/v2/webhooks/github/KEY and are signed with its own secret. What is answered with 2xx is on the
        disk, and is worked off afterwards. Ctrl-C (or SIGTERM) stops it in order, a second one at once.

        Usage: muster serve [OPTIONS]

        Options:
              --listen <ADDR>
                  Where to listen [env: MUSTER_LISTEN] [default: 127.0.0.1:8080]

              --no-worker
                  Only receive; muster worker, here or elsewhere, works off what comes

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

              --max-connections <N>
                  Connections at once; the one that has been idle for longest makes room for the next

                  [default: 2048]

              --max-per-address <N>
                  Connections at once of one address; loopback and proxies are not counted

                  [default: 256]

              --proxy <IP>
                  The address of a proxy in front of this, as often as there are some

              --body-budget <MIB>
                  Memory that bodies of deliveries may take up at once, in MiB; what comes beyond it is
                  answered 503

                  [default: 256]

              --allow-host <HOST>
                  Fetch from this host although its address is private [env: MUSTER_ALLOW_HOST, several with
                  commas]

              --allow-local
                  Fetch from any host and from this machine, for trying things out; refused where others can
                  call [env: MUSTER_ALLOW_LOCAL]

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
          muster serve                                       on this machine alone, at 127.0.0.1:8080
          MUSTER_GITHUB_WEBHOOK_SECRET=new,old muster serve  while a secret is being changed
          muster serve --listen '[::]:8080' --proxy 10.0.0.5 behind a proxy, which TLS is for

        The log is JSON, a line each, on stderr (words on a terminal); MUSTER_LOG says how much of it: warn,
        debug, ...
        ");
    }
}
