//! Remotes, for those who may not know Git: a fetch with its mirror, and what a failed one calls for.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

pub use muster_scanner::wire::{
    AddressError, Credentials, ENVIRONMENT as FETCH_ENVIRONMENT, FetchError, FetchOptions,
    Limits as FetchLimits, MIRROR_BYTES, Mirror, MirrorCache, Policy as AddressPolicy, RemoteAddress,
};
use muster_scanner::wire::{CacheError, Failure, fetch};

/// Where mirrors are kept, and how they are brought up to date.
#[derive(Clone, Debug)]
pub struct Remotes {
    /// Where.
    pub cache: MirrorCache,
    /// Our own program, which is started once more for each fetch.
    pub program: PathBuf,
    /// What every fetch has in common.
    pub options: FetchOptions,
}

/// A mirror to look at.
#[derive(Clone, Copy, Debug)]
pub struct MirrorAt<'a> {
    /// The bare repository.
    pub git_dir: &'a Path,
    /// The remote's default branch, without `refs/heads/`; `None` where it names none.
    pub head_branch: Option<&'a str>,
}

impl<'a> From<&'a Mirror> for MirrorAt<'a> {
    fn from(mirror: &'a Mirror) -> Self {
        Self { git_dir: &mirror.git_dir, head_branch: mirror.head_branch.as_deref() }
    }
}

/// One fetch.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// From where: https, without user info.
    pub address: &'a str,
    /// For a remote that asks.
    pub credentials: Option<Credentials>,
    /// A pull request whose head is wanted too.
    pub pull: Option<u64>,
    /// The mirror that is there turned out to be damaged.
    pub anew: bool,
}

impl Remotes {
    /// Brings the mirror of an address up to date. It blocks, for as long as the limits allow.
    ///
    /// # Errors
    /// Each with a sentence.
    pub fn fetch(&self, wanted: Wanted<'_>, cancelled: &AtomicBool) -> Result<Mirror, FetchError> {
        let address = RemoteAddress::parse(wanted.address, &self.options.policy)?;
        let options = FetchOptions {
            credentials: wanted.credentials,
            pulls: wanted.pull.into_iter().collect(),
            anew: wanted.anew,
            ..self.options.clone()
        };
        fetch(&address, &self.cache, &options, &self.program, &mut |_| {}, cancelled)
    }
}

/// What a failed fetch says about the remote, as far as it matters to whoever tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchTrouble {
    /// There is no such repository, or none that we may read. It may be there soon: a provider knows a new repository before its
    /// Git servers do.
    Gone,
    /// It wants other credentials.
    Refused,
    /// It says when to come again, in seconds.
    Limited(u64),
    /// It cannot be reached, or has a problem of its own.
    Unreachable,
    /// It was silent, or did not come to an end.
    Slow,
    /// It does not speak Git, or not to the end.
    Garbage,
    /// It is larger than the limits allow.
    TooLarge,
    /// It will never be fetched: its address or kind is refused.
    Forbidden,
    /// This machine: the disk, or the program.
    Here,
    /// Somebody asked to stop.
    Cancelled,
}

impl FetchTrouble {
    /// A few words for it, the same for all alike.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "remote gone",
            Self::Refused => "remote refuses",
            Self::Limited(_) => "remote limits",
            Self::Unreachable => "remote unreachable",
            Self::Slow => "remote slow",
            Self::Garbage => "remote garbage",
            Self::TooLarge => "remote too large",
            Self::Forbidden => "remote forbidden",
            Self::Here => "fetch",
            Self::Cancelled => "cancelled",
        }
    }
}

impl From<&FetchError> for FetchTrouble {
    fn from(error: &FetchError) -> Self {
        match error {
            FetchError::Address(_) => Self::Forbidden,
            FetchError::Cancelled | FetchError::Cache(CacheError::Cancelled) => Self::Cancelled,
            FetchError::Cache(CacheError::Disk { .. })
            | FetchError::Start { .. }
            | FetchError::Crashed { .. } => Self::Here,
            FetchError::Silent { .. } | FetchError::TooSlow { .. } | FetchError::TooLong { .. } => Self::Slow,
            FetchError::TooMuchMemory { .. } => Self::TooLarge,
            FetchError::Remote { failure, .. } => match failure {
                Failure::Status { status: 404 | 410 } | Failure::Redirect { .. } => Self::Gone,
                Failure::Unauthorized | Failure::Status { status: 401 | 403 } => Self::Refused,
                Failure::Limited { seconds } => Self::Limited(*seconds),
                Failure::Private { .. } | Failure::Sha256 => Self::Forbidden,
                Failure::Resolve { .. }
                | Failure::Connect { .. }
                | Failure::Certificate { .. }
                | Failure::Status { .. } => Self::Unreachable,
                Failure::NotGit { .. } | Failure::Incomplete { .. } | Failure::Other { .. } => Self::Garbage,
                Failure::TooLarge { .. } => Self::TooLarge,
                Failure::Damaged { .. } | Failure::Storage { .. } | Failure::Request { .. } => Self::Here,
            },
        }
    }
}
