//! What is kept for how long.

use std::time::Duration;

use muster_store::Retention;

/// So long, in days: what is older is removed in the night.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RetentionArgs {
    /// Days that the bodies of deliveries are kept, from which they can be planned again
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = days(), help_heading = "Retention")]
    pub(crate) keep_bodies: u32,

    /// Days that deliveries are kept without their bodies: what became of them, and that a repeat is one
    #[arg(long, value_name = "DAYS", default_value_t = 400, value_parser = days(), help_heading = "Retention")]
    pub(crate) keep_deliveries: u32,

    /// Days that jobs are kept that are done; dead ones are kept until somebody looks at them
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = days(), help_heading = "Retention")]
    pub(crate) keep_jobs: u32,

    /// Days that the stream of events can be caught up on
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = days(), help_heading = "Retention")]
    pub(crate) keep_changes: u32,
}

fn days() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=36_500)
}

impl RetentionArgs {
    /// What the worker is told.
    pub(crate) fn retention(&self) -> Retention {
        let days = |days: u32| Duration::from_secs(u64::from(days) * 24 * 60 * 60);
        Retention {
            bodies: days(self.keep_bodies.min(self.keep_deliveries)),
            deliveries: days(self.keep_deliveries),
            done_jobs: days(self.keep_jobs),
            changes: days(self.keep_changes),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Cli, Command};

    fn told(arguments: &[&str]) -> Retention {
        match Cli::parse_from([&["muster", "worker"], arguments].concat()).command {
            Command::Worker(args) => args.work.retention.retention(),
            _ => unreachable!(),
        }
    }

    #[test]
    fn what_is_said_is_kept_and_what_is_not_said_as_long_as_ever() {
        assert_eq!(told(&[]), Retention::default());
        let days = |days: u64| Duration::from_secs(days * 86_400);
        let few = told(&[
            "--keep-bodies",
            "9",
            "--keep-deliveries",
            "3",
            "--keep-jobs",
            "1",
            "--keep-changes",
            "2",
        ]);
        let expected =
            Retention { bodies: days(3), deliveries: days(3), done_jobs: days(1), changes: days(2) };
        assert_eq!(few, expected, "a body goes with its delivery");
    }
}
