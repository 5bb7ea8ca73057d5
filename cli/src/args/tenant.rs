//! `muster tenant`: the organisations of a database.

use std::str::FromStr;

use clap::{Subcommand, ValueEnum};
use muster_store::PlanTier;

use super::moving::{ExportArgs, ImportArgs};
use super::{Format, name};

/// Make, change and remove tenants: the organisations whose rows a database keeps apart
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TenantArgs {
    #[command(subcommand)]
    pub(crate) command: TenantCommand,
}

/// What can be done to a tenant.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum TenantCommand {
    Create(CreateArgs),
    List(ListArgs),
    Show(ShowArgs),
    Change(ChangeArgs),
    Suspend(SuspendArgs),
    Delete(DeleteArgs),
    Export(ExportArgs),
    Import(ImportArgs),
}

/// Make a tenant, or three to try things with
#[derive(Clone, Debug, clap::Args)]
#[command(override_usage = "\
muster tenant create [OPTIONS] <NAME>
       muster tenant create [OPTIONS] --demo")]
#[command(after_long_help = "\
Examples:
  muster tenant create acme --organization 'Acme, Incorporated'
  muster tenant create small --plan free --max-projects unlimited
  muster tenant create --demo            then: muster projects --tenant hookup-app")]
pub(crate) struct CreateArgs {
    /// Its short name: lower-case letters, digits and hyphens
    #[arg(value_name = "NAME", value_parser = name, required_unless_present = "demo")]
    pub(crate) name: Option<String>,

    /// Its name as people write it
    #[arg(long, value_name = "TEXT")]
    pub(crate) organization: Option<String>,

    /// What it may have, unless another limit is given
    #[arg(long, value_enum, default_value_t)]
    pub(crate) plan: Plan,

    #[command(flatten)]
    pub(crate) limits: LimitArgs,

    /// Make three demo tenants with small repositories, scanned; those that are there are left as they are
    #[arg(long, conflicts_with_all = ["name", "organization", "plan", "max_users", "max_projects", "max_repositories"])]
    pub(crate) demo: bool,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// List tenants
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ListArgs {
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// Show a tenant: its limits, what it has of each, and its key
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ShowArgs {
    /// Its short name
    #[arg(value_name = "NAME", value_parser = name)]
    pub(crate) name: String,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// Change what a tenant is called and may have
///
/// A lower limit takes nothing away: it refuses what would be added, and leaves the projects that came last out of lists until there is room again.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster tenant change acme --plan pro                  the limits of the plan come with it
  muster tenant change acme --max-projects unlimited    one limit alone")]
#[group(id = "change", required = true, multiple = true, args = ["organization", "plan", "max_users", "max_projects", "max_repositories"])]
pub(crate) struct ChangeArgs {
    /// Its short name
    #[arg(value_name = "NAME", value_parser = name)]
    pub(crate) name: String,

    /// Its name as people write it
    #[arg(long, value_name = "TEXT")]
    pub(crate) organization: Option<String>,

    /// What it may have, unless another limit is given
    #[arg(long, value_enum)]
    pub(crate) plan: Option<Plan>,

    #[command(flatten)]
    pub(crate) limits: LimitArgs,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// Keep everybody out of a tenant, and its rows as they are
///
/// Scans and lists refuse, and its tokens do not work, until --undo. Commands about the tenant itself and its audit log go on working.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct SuspendArgs {
    /// Its short name
    #[arg(value_name = "NAME", value_parser = name)]
    pub(crate) name: String,

    /// Take it up again
    #[arg(long)]
    pub(crate) undo: bool,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// Delete a tenant with every row that belongs to it, and the key of its secrets
///
/// There is no way back but a backup. On a terminal its name has to be typed once more.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DeleteArgs {
    /// Its short name
    #[arg(value_name = "NAME", value_parser = name)]
    pub(crate) name: String,

    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// Limits that win over those of the plan.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct LimitArgs {
    /// Users that may log in
    #[arg(long, value_name = "N|unlimited")]
    pub(crate) max_users: Option<Limit>,

    /// Projects that are listed
    #[arg(long, value_name = "N|unlimited")]
    pub(crate) max_projects: Option<Limit>,

    /// Repositories that are connected
    #[arg(long, value_name = "N|unlimited")]
    pub(crate) max_repositories: Option<Limit>,
}

/// Where the rows are kept, whosever they are.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Kept {
    /// Where everything is kept: a path, sqlite:///path or postgres://user:password@host/name [env: DATABASE_URL] [default: the user's data directory]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// How many at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit(pub(crate) Option<u64>);

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "unlimited" {
            return Ok(Self(None));
        }
        let number = text.parse().ok().filter(|number| *number <= i64::MAX as u64);
        number.map(|number| Self(Some(number))).ok_or_else(|| "expected a number, or unlimited".to_owned())
    }
}

/// A plan, which brings limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plan {
    /// 5 users, 100 projects, 10 repositories
    Free,
    /// 50 users, 2,000 projects, 200 repositories
    Pro,
    /// No limits
    #[default]
    Enterprise,
}

impl From<Plan> for PlanTier {
    fn from(plan: Plan) -> Self {
        match plan {
            Plan::Free => Self::Free,
            Plan::Pro => Self::Pro,
            Plan::Enterprise => Self::Enterprise,
        }
    }
}

impl TenantArgs {
    /// `--database`
    pub(crate) fn database(&self) -> Option<&str> {
        let kept = match &self.command {
            TenantCommand::Create(args) => &args.kept,
            TenantCommand::List(args) => &args.kept,
            TenantCommand::Show(args) => &args.kept,
            TenantCommand::Change(args) => &args.kept,
            TenantCommand::Suspend(args) => &args.kept,
            TenantCommand::Delete(args) => &args.kept,
            TenantCommand::Export(args) => return args.database.as_deref(),
            TenantCommand::Import(args) => return args.database.as_deref(),
        };
        kept.database.as_deref()
    }
}
