//! Opening a repository without trusting it, and the few facts that describe it.

use std::path::{Path, PathBuf};

use gix::bstr::ByteSlice;
use muster_model::{ObjectId, Problem, ProblemKind};

use crate::content::to_model;
use crate::git_dir;

/// Why nothing could be scanned.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The path does not exist.
    #[error("there is nothing at {0}; give the path of a folder or an https address")]
    NoSuchPath(String),
    /// The path is a file.
    #[error("{0} is a file; give the folder that it lies in")]
    NotAFolder(String),
    /// The path cannot be looked at.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// What was given.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// `--rev` needs a repository.
    #[error("{0} is not in a Git repository, so it has no revisions; leave out --rev")]
    NotARepository(String),
    /// The repository's own files are damaged or of a kind that cannot be read.
    #[error("cannot open the repository at {path}: {reason}; `git fsck` may tell more")]
    Broken {
        /// Where it is.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The revision names no commit.
    #[error("there is no commit {revision} in {path}; give a branch, a tag or a commit that `git log` shows")]
    NoSuchRevision {
        /// What was asked for.
        revision: String,
        /// Where.
        path: String,
    },
    /// The revision names something, but no commit can be read for it.
    #[error("cannot read the commit {revision} in {path}: {reason}")]
    Revision {
        /// What was asked for.
        revision: String,
        /// Where.
        path: String,
        /// Why not.
        reason: String,
    },
}

/// What is known of a repository before anything in it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositoryFacts {
    /// The commit that is scanned; `None` before the first.
    pub head: Option<ObjectId>,
    /// The branch that HEAD is on.
    pub branch: Option<String>,
    /// The address of `origin`, without user info.
    pub remote_url: Option<String>,
    /// History is cut off.
    pub shallow: bool,
    /// `sha1` or `sha256`; `None` without a repository.
    pub object_format: Option<String>,
    /// What is wrong with the repository itself.
    pub problems: Vec<Problem>,
}

/// Nothing is taken from the system's, the user's or the environment's configuration, and what the repository's own
/// says is overruled where it would have files outside of the repository read.
fn options() -> gix::open::Options {
    gix::open::Options::isolated().lossy_config(true).config_overrides([
        "core.excludesFile=",
        "core.attributesFile=",
        "core.fsmonitor=false",
        "gitoxide.core.shallowFile=shallow",
    ])
}

/// The repository that `directory` lies in, with its work tree set to where `.git` was found.
pub(crate) fn discover(directory: &Path) -> Result<Option<gix::Repository>, OpenError> {
    if let Some(reason) = git_dir::obstacle(directory) {
        return Err(OpenError::Broken { path: directory.display().to_string(), reason });
    }
    let map = gix::sec::trust::Mapping { full: options(), reduced: options() };
    match gix::ThreadSafeRepository::discover_opts(directory, Default::default(), map) {
        Ok(found) => settle(found.to_thread_local(), directory).map(Some),
        Err(error) => match marker_above(directory) {
            Some(_) if !is_absence(&error) => Err(broken(directory, &error)),
            Some(marker) => Err(OpenError::Broken {
                path: directory.display().to_string(),
                reason: format!("{} is damaged or leads nowhere", marker.display()),
            }),
            None => Ok(None),
        },
    }
}

/// The repository whose Git directory is exactly this one.
pub(crate) fn open(git_dir: &Path) -> Result<gix::Repository, OpenError> {
    let opened = gix::ThreadSafeRepository::open_opts(git_dir, options().open_path_as_is(true));
    opened.map(|found| found.to_thread_local()).map_err(|error| broken(git_dir, &error))
}

fn broken(path: &Path, error: &gix::Error) -> OpenError {
    OpenError::Broken { path: path.display().to_string(), reason: describe(error) }
}

/// Characters of an error that are told: some repeat the file that they are about.
const MOST_TOLD: usize = 400;

/// One line of an error and its causes, the cause last.
pub(crate) fn describe(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let next_text = next.to_string();
        if !text.contains(&next_text) {
            text = format!("{text}: {next_text}");
        }
        cause = next.source();
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(MOST_TOLD) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// Something that should be a repository, here or above, so that failing to open it is an error and not the absence
/// of one.
fn marker_above(directory: &Path) -> Option<PathBuf> {
    directory.ancestors().map(|above| above.join(".git")).find(|marker| marker.symlink_metadata().is_ok())
}

fn is_absence(error: &gix::Error) -> bool {
    error.to_string().starts_with("Could not find a git repository")
}

/// `core.worktree` may point anywhere; the work tree is where `.git` stands.
fn settle(mut repository: gix::Repository, directory: &Path) -> Result<gix::Repository, OpenError> {
    if repository.workdir().is_some() {
        let stands = directory.ancestors().find(|above| above.join(".git").symlink_metadata().is_ok());
        if let Some(root) = stands {
            repository.set_workdir(root.to_owned()).map_err(|error| broken(directory, &error))?;
        }
    }
    Ok(repository)
}

/// Reads the facts. `revision` of the repository at `shown`, else HEAD.
pub(crate) fn facts(
    repository: &gix::Repository,
    revision: Option<&str>,
    shown: &str,
) -> Result<RepositoryFacts, OpenError> {
    let mut facts = RepositoryFacts {
        shallow: repository.is_shallow().unwrap_or(false),
        object_format: Some(repository.object_hash().to_string()),
        remote_url: remote_url(repository),
        ..RepositoryFacts::default()
    };
    if repository.git_dir_trust() != gix::sec::Trust::Full {
        facts.problems.push(Problem::whole(
            ProblemKind::Ownership,
            "the repository belongs to another user; it is read, and nothing that it asks for is run",
        ));
    }
    if let Some(revision) = revision {
        let (revision, path) = (revision.to_owned(), shown.to_owned());
        let id = match repository.rev_parse_single(revision.as_bytes().as_bstr()) {
            Ok(id) => id,
            // A name that stands for something, whose object is missing or damaged.
            Err(error)
                if repository.try_find_reference(revision.as_str()).is_ok_and(|found| found.is_some()) =>
            {
                return Err(OpenError::Revision { revision, path, reason: describe(&error) });
            }
            Err(_) => return Err(OpenError::NoSuchRevision { revision, path }),
        };
        let commit = id.object().and_then(|object| object.peel_to_commit());
        let commit =
            commit.map_err(|error| OpenError::Revision { revision, path, reason: describe(&error) })?;
        facts.head = Some(to_model(&commit.id));
        return Ok(facts);
    }
    read_head(repository, &mut facts);
    Ok(facts)
}

fn read_head(repository: &gix::Repository, facts: &mut RepositoryFacts) {
    let head = match repository.head() {
        Ok(head) => head,
        Err(error) => {
            let message = format!("HEAD cannot be read: {}", describe(&error));
            facts.problems.push(Problem::whole(ProblemKind::Head, message));
            return;
        }
    };
    facts.branch = head.referent_name().and_then(|name| {
        let short = name.as_bstr().strip_prefix(b"refs/heads/")?;
        Some(crate::path_text::to_text(short).0.into_owned())
    });
    if head.is_unborn() {
        let branch = facts.branch.as_deref().unwrap_or("its branch");
        let message = format!("no commit yet: HEAD points at {branch}, which does not exist");
        facts.problems.push(Problem::whole(ProblemKind::Head, message));
        return;
    }
    match repository.head_commit() {
        Ok(commit) => facts.head = Some(to_model(&commit.id)),
        Err(error) => {
            let message = format!("the commit of HEAD cannot be read: {}", describe(&error));
            facts.problems.push(Problem::whole(ProblemKind::Head, message));
        }
    }
}

fn remote_url(repository: &gix::Repository) -> Option<String> {
    let config = repository.config_snapshot();
    let url = config.string("remote.origin.url")?;
    Some(crate::wire::without_user_info(&url.to_str_lossy()))
}

/// How a folder's repository is known: its common Git directory, which all its work trees share.
pub(crate) fn common_dir(repository: &gix::Repository) -> PathBuf {
    let common = repository.common_dir();
    common.canonicalize().unwrap_or_else(|_| common.to_owned())
}
