//! One conversation of libgit2 with one remote: objects into a bare repository, refs in its wake.
//!
//! The repository's own configuration is the only one in force, nothing is checked out, no hook exists, and refs move only after every object that they name has arrived.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use git2::{
    AutotagOption, Config, Cred, CredentialType, ErrorClass, ErrorCode, Oid, Remote, RemoteCallbacks,
    RemoteRedirect, Repository, RepositoryInitOptions, RepositoryOpenFlags,
};

use super::failure::Failure;
use super::message::{Credentials, Transfer};
use super::refs::{self, Refs};
use super::user_info::redact;

/// Everything that a mirror holds, heads of pull requests aside.
const REFSPECS: [&str; 2] = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];

/// What to download, and how.
pub(super) struct Download<'a> {
    /// Where the gate takes requests for the remote.
    pub(super) url: &'a str,
    /// For the remote, where it asks.
    pub(super) credentials: Option<&'a Credentials>,
    /// The bare repository.
    pub(super) directory: &'a Path,
    /// Make it first.
    pub(super) fresh: bool,
    /// Pull requests whose heads are wanted too.
    pub(super) pulls: &'a [u64],
}

impl Download<'_> {
    /// Runs the conversation and writes what came of it. `moved` hears of every object.
    ///
    /// # Errors
    /// What the remote or the disk did wrong. A fresh directory is then of no use; an existing mirror still has the
    /// refs that it had.
    pub(super) fn run(&self, moved: &dyn Fn(Transfer)) -> Result<Refs, Failure> {
        let damaged = |error: git2::Error| self.classify(&error);
        let repository = self.repository().map_err(damaged)?;
        let mut remote = repository.remote_anonymous(self.url).map_err(damaged)?;
        let mut options = git2::FetchOptions::new();
        options
            .follow_redirects(RemoteRedirect::None)
            .download_tags(AutotagOption::None)
            .update_fetchhead(false)
            .remote_callbacks(self.callbacks(moved));
        let wanted: Vec<String> = self.pulls.iter().map(|number| refs::pull(*number)).collect();
        let refspecs: Vec<String> = REFSPECS
            .iter()
            .map(|spec| (*spec).to_owned())
            .chain(wanted.iter().map(|name| format!("+{name}:{name}")))
            .collect();
        remote.download(&refspecs, Some(&mut options)).map_err(|error| self.classify(&error))?;
        let refs = announced(&remote, wanted).map_err(|error| self.classify(&error))?;
        // An error while saying goodbye changes nothing.
        let _ = remote.disconnect();
        let objects = repository.odb().map_err(damaged)?;
        let mut tips = refs.tips.iter().chain(&refs.pulls);
        if let Some((name, object)) = tips.find(|(_, object)| !objects.exists(**object)) {
            return Err(Failure::Incomplete { name: name.clone(), object: object.to_string() });
        }
        refs.write(self.directory).map_err(|error| Failure::Storage { reason: error.to_string() })?;
        Ok(refs)
    }

    fn repository(&self) -> Result<Repository, git2::Error> {
        let repository = if self.fresh {
            let mut options = RepositoryInitOptions::new();
            options.bare(true).no_reinit(true).external_template(false).initial_head("main");
            Repository::init_opts(self.directory, &options)?
        } else {
            let flags = RepositoryOpenFlags::NO_SEARCH | RepositoryOpenFlags::BARE;
            Repository::open_ext(self.directory, flags, [] as [&Path; 0])?
        };
        // Without this a system-wide `insteadOf` could send us to another host.
        let mut config = Config::new()?;
        config.add_file(&self.directory.join("config"), git2::ConfigLevel::Local, true)?;
        repository.set_config(&config)?;
        Ok(repository)
    }

    fn callbacks<'a>(&'a self, moved: &'a dyn Fn(Transfer)) -> RemoteCallbacks<'a> {
        let mut callbacks = RemoteCallbacks::new();
        let asked = Cell::new(false);
        callbacks.credentials(move |_, _, allowed| {
            // Asked a second time, the first answer was not welcome.
            match self.credentials {
                Some(held)
                    if !asked.replace(true) && allowed.contains(CredentialType::USER_PASS_PLAINTEXT) =>
                {
                    Cred::userpass_plaintext(&held.username, &held.password)
                }
                _ => Err(git2::Error::new(ErrorCode::Auth, ErrorClass::Http, "credentials are wanted")),
            }
        });
        callbacks.transfer_progress(move |progress| {
            moved(Transfer {
                received_bytes: 0,
                received_objects: progress.received_objects() as u64,
                total_objects: progress.total_objects() as u64,
                indexed_deltas: progress.indexed_deltas() as u64,
                total_deltas: progress.total_deltas() as u64,
            });
            true
        });
        callbacks
    }

    /// Makes a failure of what libgit2 says. Its classes are coarse, so some are told by the text (1.9.7).
    fn classify(&self, error: &git2::Error) -> Failure {
        let text = error.message();
        let reason = redact(text);
        let status =
            text.strip_prefix("unexpected http status code: ").and_then(|code| code.trim().parse().ok());
        match (error.code(), error.class()) {
            (ErrorCode::Auth, _) => Failure::Unauthorized,
            _ if text.contains("sha256") => Failure::Sha256,
            _ if ["packet", "pkt", "protocol", "early EOF", "read refs"]
                .iter()
                .any(|word| text.contains(word)) =>
            {
                Failure::NotGit { reason }
            }
            _ if status.is_some() => Failure::Status { status: status.unwrap_or_default() },
            (_, ErrorClass::Http) if text.contains("content-type") => Failure::NotGit { reason },
            (_, ErrorClass::Os | ErrorClass::Filesystem) => Failure::Storage { reason },
            (
                _,
                ErrorClass::Odb
                | ErrorClass::Repository
                | ErrorClass::Reference
                | ErrorClass::Config
                | ErrorClass::Object
                | ErrorClass::Tree
                | ErrorClass::Tag,
            ) if !self.fresh => Failure::Damaged { reason },
            (ErrorCode::NotFound, _) if !self.fresh => Failure::Damaged { reason },
            _ => Failure::Other { reason },
        }
    }
}

/// What the remote announced.
fn announced(remote: &Remote<'_>, pulls: Vec<String>) -> Result<Refs, git2::Error> {
    let (mut refs, mut symref, mut object) = (Refs::wanting(pulls), None, None);
    for head in remote.list()? {
        // git2 panics on a name that is not UTF-8; such a name is left out, as one that is not valid is.
        let read = catch_unwind(AssertUnwindSafe(|| {
            (head.name().to_owned(), head.symref_target().map(str::to_owned))
        }));
        match read {
            Ok((name, target)) if name == "HEAD" => (symref, object) = (target, Some(head.oid())),
            Ok((name, _)) => refs.announce(&name, head.oid()),
            Err(_) => refs.skipped += 1,
        }
    }
    refs.point_head(symref.as_deref(), object.filter(|object: &Oid| !object.is_zero()));
    Ok(refs)
}
