//! What a detector reads from one file that declares a project.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How a manifest takes part in claiming its directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ManifestKind {
    /// Makes its directory a project.
    #[default]
    Project,
    /// Makes no project of its own, but is kept where there is one (`pnpm-workspace.yaml`, `lerna.json`).
    Companion,
    /// Makes a project only where nothing better does (a lone `requirements.txt`).
    Weak,
    /// A project only as the root or as a member of a workspace (a `package.json` that only sets `type`).
    Marker,
    /// Names no project: a plan or task file about one topic, listed under `documents`.
    Document,
}

/// A workspace that a manifest declares. Patterns are relative to the manifest's directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Globs of member directories, in order.
    pub members: Vec<String>,
    /// Globs of directories that are not members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// What members may inherit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What members may inherit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The paths of dependencies that members may inherit, by name (Cargo's `[workspace.dependencies]`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dependency_paths: BTreeMap<String, String>,
}

/// A path dependency, which Cargo takes for a member of the root's workspace. Relative to the manifest's directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathDependency(pub String);

/// What is wanted of a file that a manifest points at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskFor {
    /// The whole file, trimmed.
    Text,
    /// A literal assigned to this name at the top level of a Python module.
    Attribute(String),
}

/// A field that a manifest takes from another file of the repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// `version` or `description`.
    pub field: String,
    /// The files to look at, relative to the manifest's directory, the first that answers wins.
    pub paths: Vec<String>,
    /// What to read there.
    pub ask: AskFor,
}

/// What one manifest says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The detector's name, or the declared type.
    pub detector: String,
    /// How it takes part in claiming its directory.
    #[serde(default)]
    pub kind: ManifestKind,
    /// As stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// As stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// As stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The workspace that it declares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<Workspace>,
    /// Fields taken from the workspace's root (`version.workspace = true`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<String>,
    /// Path dependencies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path_dependencies: Vec<PathDependency>,
    /// Where a member names its workspace's root itself (`package.workspace = ".."`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_root: Option<String>,
    /// Fields that another file holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Ask>,
    /// What it says of itself, kept apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<serde_json::Value>,
    /// What is wrong with it, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}
