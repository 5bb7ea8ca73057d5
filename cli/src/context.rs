//! What every command needs to know about where it runs: the settings, and how its two streams look.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write};

use crate::args::Cli;
use crate::configuration::{ConfigurationError, Settings, read_file, settle};
use crate::environment::Environment;
use crate::output::Output;
use crate::print::progress::Indicator;
use crate::print::style::Look;

/// The surroundings of one run.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// What flags, environment and the user's file say.
    pub(crate) settings: Settings,
    /// How results look.
    pub(crate) look: Look,
    /// How words and progress look.
    pub(crate) stderr: Look,
    /// Who runs this, for what is written down.
    pub(crate) actor: muster_store::Actor,
    /// Progress is shown.
    stderr_is_terminal: bool,
    /// What the process that fetches may know of the environment.
    pub(crate) fetch_environment: Vec<(OsString, OsString)>,
}

impl Context {
    /// Settles it.
    pub(crate) fn new(cli: &Cli, environment: &Environment) -> Result<Self, ConfigurationError> {
        let flags = cli.flags();
        let file = read_file(flags.config, environment)?;
        let settings = settle(&flags, environment, file.as_ref())?;
        let (stdout, stderr) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Ok(Self {
            look: Look::decide(settings.colour, environment, stdout, width),
            stderr: Look::decide(settings.colour, environment, stderr, width),
            actor: muster_store::Actor::command_line(environment.user_name()),
            stderr_is_terminal: stderr,
            settings,
            fetch_environment: muster_scanner::wire::ENVIRONMENT
                .iter()
                .filter_map(|name| Some((OsString::from(name), environment.raw(name)?.clone())))
                .collect(),
        })
    }

    /// The present.
    pub(crate) fn now(&self) -> muster_store::Timestamp {
        muster_store::Timestamp::from(std::time::SystemTime::now())
    }

    /// Standard output. Flush it at the end.
    pub(crate) fn output(&self) -> Output<io::StdoutLock<'static>> {
        Output::new(io::stdout().lock())
    }

    /// The line that shows progress; none at all where stderr is no terminal.
    pub(crate) fn indicator(&self) -> Indicator {
        Indicator::new(self.stderr_is_terminal, &self.stderr)
    }

    /// Says something in a line on stderr. That nobody reads it is no reason to fail.
    pub(crate) fn say(&self, words: &str) {
        _ = writeln!(io::stderr(), "muster: {}", crate::print::visible::visible(words));
    }
}
