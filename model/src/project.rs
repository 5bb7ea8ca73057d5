//! A project: a directory that somebody works on as one thing.

use serde::{Deserialize, Serialize};

/// What a project is for, told by workspaces, configuration and path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// What the repository is about.
    Primary,
    /// A category of a CODITECT master: a directory that holds submodules.
    Group,
    /// Shows how something is used.
    Example,
    /// Documentation.
    Docs,
    /// Measures speed.
    Bench,
    /// Input of a test. Hidden unless asked for.
    Fixture,
    /// Something that projects are made from. Hidden unless asked for.
    Template,
    /// Somebody else's code. Not looked for unless asked for.
    Vendored,
}

impl Role {
    /// The word of the scan document.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Group => "group",
            Self::Example => "example",
            Self::Docs => "docs",
            Self::Bench => "bench",
            Self::Fixture => "fixture",
            Self::Template => "template",
            Self::Vendored => "vendored",
        }
    }

    /// True for the roles that lists leave out unless `--all` is given.
    pub fn is_hidden(self) -> bool {
        matches!(self, Self::Fixture | Self::Template | Self::Vendored)
    }
}

/// How far a project is, told by its boxes and, for two words only, by what it declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Has tasks, none of them done.
    Planned,
    /// Some tasks done, or no tasks at all.
    Active,
    /// All tasks done.
    Completed,
    /// Declared on hold or blocked.
    OnHold,
    /// Declared archived or cancelled.
    Archived,
}

impl Status {
    /// The word of the scan document.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Active => "active",
            Self::Completed => "completed",
            Self::OnHold => "on_hold",
            Self::Archived => "archived",
        }
    }
}

/// A manifest of a project, as the scan document shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestLine {
    /// The detector that read it.
    pub detector: String,
    /// Where it stands in the repository.
    pub path: String,
    /// The name that it gives, if any.
    pub name: Option<String>,
    /// The version that it gives, if any.
    pub version: Option<String>,
}

/// A project of the scan document. Identity: (repository, path).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The directory; `.` for the root.
    pub path: String,
    /// The owner manifest's name, else the directory's, else (at the root) the repository's.
    pub name: String,
    /// As declared; never guessed.
    pub description: Option<String>,
    /// As declared; never guessed.
    pub version: Option<String>,
    /// The detector that claims the directory, or the type that a declared detector names.
    pub project_type: String,
    /// What it is for.
    pub role: Role,
    /// False for a submodule whose content is not here.
    pub populated: bool,
    /// The path of the submodule that this project is or lies in.
    pub submodule: Option<String>,
    /// The nearest project above, by path segments.
    pub parent_path: Option<String>,
    /// The root of the workspace that declares it.
    pub workspace_path: Option<String>,
    /// How far it is.
    pub status: Status,
    /// Checkbox tasks of its task lists.
    pub total_tasks: u64,
    /// Those that are ticked.
    pub completed_tasks: u64,
    /// Comment tasks whose nearest project it is.
    pub todo_count: u64,
    /// Every manifest of the directory, the owner's first.
    pub manifests: Vec<ManifestLine>,
    /// What the task list's frontmatter or a project file says of itself, kept apart and never trusted.
    pub declared: Option<serde_json::Value>,
    /// Further task and plan files that belong to it but are not counted.
    pub documents: Vec<String>,
    /// What is wrong with it, a sentence each.
    pub problems: Vec<String>,
}
