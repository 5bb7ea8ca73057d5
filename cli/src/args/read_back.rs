//! `muster projects | tasks | commits | repos`: what earlier scans have saved.

use muster_model::{TaskKind, TaskState};

use super::{Count, Format, Saved};

/// What every list has.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Listing {
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// At most so many, or all
    #[arg(long, value_name = "N|all", default_value = "100")]
    pub(crate) limit: Count,

    /// Those behind this one: the id that the page before ended with
    #[arg(long, value_name = "ID")]
    pub(crate) after: Option<String>,

    #[command(flatten)]
    pub(crate) saved: Saved,
}

/// List saved projects
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster projects                        every project of every repository that was scanned
  muster projects --type rust            the Rust ones
  muster projects --repo name --all      those of one repository, fixtures and templates too")]
pub(crate) struct ProjectsArgs {
    /// Only those of this repository: its name, its address or its folder
    #[arg(long, value_name = "REPO")]
    pub(crate) repo: Option<String>,

    /// Only those of this type: npm, python, rust, go, coditect, generic or a declared one
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) project_type: Option<String>,

    /// Fixtures and templates too
    #[arg(long)]
    pub(crate) all: bool,

    /// Also those that are gone
    #[arg(long)]
    pub(crate) closed: bool,

    /// Also those beyond the tenant's quota
    #[arg(long)]
    pub(crate) over_quota: bool,

    #[command(flatten)]
    pub(crate) list: Listing,
}

/// List saved tasks
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster tasks --state open              what is still to do
  muster tasks --kind comment            the TODO and FIXME comments
  muster tasks --kind issue              the issues of connected repositories
  muster tasks --repo name --project packages/ui --format json")]
pub(crate) struct TasksArgs {
    /// Only those of this repository: its name, its address or its folder
    #[arg(long, value_name = "REPO")]
    pub(crate) repo: Option<String>,

    /// Only those that this project counts: its path in the repository
    #[arg(long, value_name = "PATH", requires = "repo")]
    pub(crate) project: Option<String>,

    /// Only those that come from here
    #[arg(long, value_parser = kind, value_name = "checkbox|comment|issue|pull_request")]
    pub(crate) kind: Option<TaskKind>,

    /// Only those in this state
    #[arg(long, value_parser = state, value_name = "open|in_progress|blocked|done|cancelled")]
    pub(crate) state: Option<TaskState>,

    /// Also those that are gone
    #[arg(long)]
    pub(crate) closed: bool,

    #[command(flatten)]
    pub(crate) list: Listing,
}

/// List saved commits, newest first
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  muster commits --repo name             the newest hundred
  muster commits --repo name --project packages/ui --limit all --format ndjson")]
pub(crate) struct CommitsArgs {
    /// Only those of this repository: its name, its address or its folder
    #[arg(long, value_name = "REPO")]
    pub(crate) repo: Option<String>,

    /// Only those that touch this project: its path in the repository
    #[arg(long, value_name = "PATH", requires = "repo")]
    pub(crate) project: Option<String>,

    /// Also those that no branch or tag reaches any more: what was rewritten or deleted
    #[arg(long)]
    pub(crate) unreachable: bool,

    #[command(flatten)]
    pub(crate) list: Listing,
}

/// List saved repositories
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ReposArgs {
    #[command(flatten)]
    pub(crate) list: Listing,
}

fn kind(text: &str) -> Result<TaskKind, String> {
    let kinds = [TaskKind::Checkbox, TaskKind::Comment, TaskKind::Issue, TaskKind::PullRequest];
    kinds
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .ok_or_else(|| "expected checkbox, comment, issue or pull_request".to_owned())
}

fn state(text: &str) -> Result<TaskState, String> {
    use TaskState::{Blocked, Cancelled, Done, InProgress, Open};
    let states = [Open, InProgress, Blocked, Done, Cancelled];
    let words = states.map(TaskState::as_str).join(", ");
    states.into_iter().find(|state| state.as_str() == text).ok_or_else(|| format!("expected one of {words}"))
}
