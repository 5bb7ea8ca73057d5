//! The command line: what may be said, and the help that says so.
//!
//! Help, completions and the man page are made from these definitions. Variables of the environment are named in the
//! help but read in `configuration.rs`: clap would read them by itself, and the environment is read in one place.

mod audit;
mod deliveries;
mod doctor;
mod installation;
mod jobs;
mod key;
mod migrate;
mod moving;
mod read_back;
mod repo;
mod retention;
mod scan;
mod serve;
mod tenant;
mod token;
mod user;
mod worker;

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use audit::{AuditArgs, AuditCommand, AuditListArgs, AuditVerifyArgs};
pub(crate) use deliveries::{
    DeliveriesArgs, DeliveriesCommand, DeliveriesListArgs, DeliveriesReplayArgs, DeliveriesShowArgs,
};
pub(crate) use doctor::DoctorArgs;
pub(crate) use installation::{
    InstallationArgs, InstallationClaimArgs, InstallationCommand, InstallationListArgs,
};
pub(crate) use jobs::{JobsArgs, JobsCommand, JobsListArgs, JobsRetryArgs, JobsShowArgs};
pub(crate) use key::{InitArgs, KeyArgs, KeyCommand, RotateArgs, StatusArgs};
pub(crate) use migrate::{MigrateAction, MigrateArgs};
pub(crate) use moving::{ExportArgs, ImportArgs, TransferArgs};
pub(crate) use read_back::{CommitsArgs, Listing, ProjectsArgs, ReposArgs, TasksArgs};
pub(crate) use repo::{
    HookOf, RepoArgs, RepoCommand, RepoConnectArgs, RepoHookCommand, RepoHookRotateArgs, RepoHookShowArgs,
    RepoListArgs, RepoRemoveArgs, RepoSyncArgs, public_url,
};
pub(crate) use scan::ScanArgs;
pub(crate) use serve::ServeArgs;
pub(crate) use tenant::{
    ChangeArgs, CreateArgs, DeleteArgs, Limit, LimitArgs, ListArgs, ShowArgs, SuspendArgs, TenantArgs,
    TenantCommand,
};
pub(crate) use token::{TokenArgs, TokenCommand, TokenCreateArgs, TokenListArgs, TokenRevokeArgs};
pub(crate) use user::{UserAddArgs, UserArgs, UserCommand, UserListArgs, UserRemoveArgs, UserRoleArgs};
pub(crate) use worker::{WorkArgs, WorkerArgs};

use crate::configuration::Flags;
use crate::print::style::ColourChoice;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Every project, task and commit in your Git repositories
///
/// Muster scans a repository, finds every project inside it, reads its tasks and its history, and keeps all of that where it can be asked for.
#[derive(Debug, Parser)]
#[command(name = "muster", version, styles = STYLES, max_term_width = 110, after_long_help = AFTER_HELP)]
pub(crate) struct Cli {
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", value_enum, help_heading = GLOBAL)]
    pub(crate) color: Option<ColourChoice>,

    /// Read this configuration instead of the user's own
    #[arg(long, global = true, value_name = "FILE", help_heading = GLOBAL)]
    pub(crate) config: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const GLOBAL: &str = "Global options";

const AFTER_HELP: &str = "\
Examples:
  muster scan .                        what lives in this repository
  muster scan https://github.com/a/b   the same of a remote one
  muster tasks --state open            what is still to do, in all that was scanned

Configuration, the first that says something wins:
  1. flags
  2. environment: DATABASE_URL, DATABASE_DIRECT_URL (past a pooler, for migrations),
     MUSTER_TENANT, MUSTER_KEY_FILE (or MUSTER_KEY), MUSTER_CACHE_DIR,
     MUSTER_ALLOW_HOST (several with commas), MUSTER_ALLOW_LOCAL (1 or 0), NO_COLOR;
     for serve: MUSTER_LISTEN, MUSTER_LOG, MUSTER_PUBLIC_URL, MUSTER_GITHUB_WEBHOOK_SECRET;
     as a GitHub App: MUSTER_GITHUB_APP_ID, MUSTER_GITHUB_PRIVATE_KEY_FILE; for an own server
     of it: MUSTER_GITHUB_URL, MUSTER_GITHUB_API_URL
  3. --config FILE, else $XDG_CONFIG_HOME/muster/config.toml
     (~/.config/muster/config.toml): database, direct_database, tenant, key_file,
     cache_dir, color, allow_host = [..], allow_local, [[detector]]
Never the current or the scanned directory.

Exit codes:
  0  fine
  1  the command failed; a sentence on stderr says why and what to do
  2  wrong usage";

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Scan(Box<ScanArgs>),
    Projects(ProjectsArgs),
    Tasks(TasksArgs),
    Commits(CommitsArgs),
    Repos(ReposArgs),
    Repo(Box<RepoArgs>),
    Installation(InstallationArgs),
    Serve(ServeArgs),
    Worker(WorkerArgs),
    Deliveries(DeliveriesArgs),
    Jobs(JobsArgs),
    Migrate(MigrateArgs),
    Token(TokenArgs),
    User(UserArgs),
    Audit(AuditArgs),
    Tenant(Box<TenantArgs>),
    Key(KeyArgs),
    Doctor(DoctorArgs),
    Transfer(TransferArgs),
    /// Print the completions of a shell
    ///
    /// For example: muster completions bash > ~/.local/share/bash-completion/completions/muster
    Completions {
        /// Which shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the man page
    ///
    /// For example: muster man > ~/.local/share/man/man1/muster.1
    Man,
    /// Fetches one repository; started by `scan`, which writes what to fetch to its standard input
    #[command(name = "__fetch", hide = true)]
    Fetch,
}

/// In which shape results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Table,
    /// One JSON value
    Json,
    /// A JSON value a line
    Ndjson,
}

/// How many: a number or everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// So many at most.
    Number(NonZeroU64),
    /// All there are.
    All,
}

impl Count {
    /// The number, or none where there is no bound.
    pub(crate) fn limit(self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number.get()),
            Self::All => None,
        }
    }
}

impl FromStr for Count {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" {
            return Ok(Self::All);
        }
        text.parse().map(Self::Number).map_err(|_| "expected a number from 1, or all".to_owned())
    }
}

/// A name that says something.
fn name(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("expected a name".to_owned()),
        _ if text.chars().any(char::is_control) => Err("a name holds no control characters".to_owned()),
        name => Ok(name.to_owned()),
    }
}

impl Cli {
    /// The flags that configuration may give as well.
    pub(crate) fn flags(&self) -> Flags<'_> {
        let mut flags = Flags { colour: self.color, config: self.config.as_deref(), ..Flags::default() };
        let saved = match &self.command {
            Command::Scan(args) => {
                flags.allow_hosts = &args.allow_host;
                flags.allow_local = args.allow_local;
                Some(&args.saved)
            }
            Command::Projects(args) => Some(&args.list.saved),
            Command::Tasks(args) => Some(&args.list.saved),
            Command::Commits(args) => Some(&args.list.saved),
            Command::Repos(args) => Some(&args.list.saved),
            Command::Worker(args) => {
                flags.database = args.database.as_deref();
                flags.allow_hosts = &args.allow_host;
                flags.allow_local = args.allow_local;
                None
            }
            Command::Repo(args) => {
                flags.public_url = args.public_url();
                if let RepoCommand::Connect(args) = &args.command {
                    flags.allow_hosts = &args.allow_host;
                    flags.allow_local = args.allow_local;
                }
                Some(args.saved())
            }
            Command::Installation(args) => Some(args.saved()),
            Command::Deliveries(args) => Some(args.saved()),
            Command::Jobs(args) => Some(args.saved()),
            Command::Serve(args) => {
                flags.database = args.database.as_deref();
                flags.allow_hosts = &args.allow_host;
                flags.allow_local = args.allow_local;
                flags.listen = args.listen;
                None
            }
            Command::Migrate(args) => {
                flags.database = args.database.as_deref();
                None
            }
            Command::Token(args) => Some(args.saved()),
            Command::User(args) => Some(args.saved()),
            Command::Audit(args) => Some(args.saved()),
            Command::Tenant(args) => {
                flags.database = args.database();
                None
            }
            Command::Key(args) => {
                flags.database = args.database();
                None
            }
            Command::Doctor(args) => {
                flags.database = args.database.as_deref();
                None
            }
            Command::Transfer(_) | Command::Completions { .. } | Command::Man | Command::Fetch => None,
        };
        flags.database = saved.map_or(flags.database, |saved| saved.database.as_deref());
        flags.tenant = saved.and_then(|saved| saved.tenant.as_deref());
        flags
    }
}

/// Where rows are kept, and whose they are.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Saved {
    /// Where everything is kept: a path, sqlite:///path or postgres://user:password@host/name [env: DATABASE_URL] [default: the user's data directory]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,

    /// Whose it is [env: MUSTER_TENANT] [default: default]
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(crate) tenant: Option<String>,
}

#[cfg(test)]
mod tests;
