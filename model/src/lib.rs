//! The nouns of Muster and nothing else: what is read from a repository, what is shown, what is stored.
//!
//! Every other crate depends on this one, so it holds no behaviour beyond what keeps a value well-formed.

mod change;
mod commit;
mod document;
mod entry;
mod extract;
mod manifest;
mod moment;
mod object_id;
mod path;
mod problem;
mod project;
mod provider;
mod provider_task;
mod reference;
mod task;
mod version;

pub use change::{Access, Change, InstallationFacts, RefHint, RepositoryAccess, RepositoryFacts, Standing};
pub use commit::{Commit, Person};
pub use document::{
    CommitLine, Document, PersonLine, ReferenceLine, RepositoryLine, SCHEMA_VERSION, Stats, SubmoduleLine,
    TaskLine, Tool,
};
pub use entry::{Entry, EntryKind};
pub use extract::{FileExtract, SkipReason};
pub use manifest::{Ask, AskFor, Manifest, ManifestKind, PathDependency, Workspace};
pub use moment::Moment;
pub use object_id::{ObjectId, ParseObjectIdError};
pub use path::{ancestors, depth, file_name, is_within, join, parent};
pub use problem::{Problem, ProblemKind};
pub use project::{ManifestLine, Project, Role, Status};
pub use provider::{ProviderId, ProviderTime};
pub use provider_task::{Gone, ProviderTask, PullRequestFacts};
pub use reference::{Reference, Relation};
pub use task::{FoundTask, Task, TaskKind, TaskState};
pub use version::{Digest, Rank, Version, merge_order};
