//! The parent's side: one address in, one complete mirror out.
//!
//! The child gets an environment of our making (nothing of the user's Git configuration, agents or proxies), a
//! process group of its own so that Ctrl-C reaches us first, and is killed when it exceeds a limit, when the caller
//! cancels, and when this function leaves for any other reason.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::FETCH_COMMAND;
use super::address::{Policy, RemoteAddress};
use super::failure::{Failure, FetchError};
pub use super::message::Credentials;
use super::message::{Done, LONGEST_LINE, Report, Request, Transfer};
use super::mirror::{CacheError, Claim, Hold, MirrorCache};
use super::user_info::redact;
use super::watch::{Limits, Watch};

/// The variables that the child may inherit: where certificates are, and how names are resolved. The caller, who
/// alone reads the environment, passes those that are set in [`FetchOptions::environment`].
pub const ENVIRONMENT: &[&str] =
    &["SSL_CERT_FILE", "SSL_CERT_DIR", "LOCALDOMAIN", "RES_OPTIONS", "LD_LIBRARY_PATH", "SystemRoot"];

/// How a fetch is to be made.
#[derive(Clone, Debug, Default)]
pub struct FetchOptions {
    /// Which hosts may be private.
    pub policy: Policy,
    /// For a remote that asks.
    pub credentials: Option<Credentials>,
    /// What it may cost.
    pub limits: Limits,
    /// The whole environment of the child, but for what is set here to keep Git's configuration out.
    pub environment: Vec<(OsString, OsString)>,
    /// Pull requests whose heads (`refs/pull/N/head`) are brought too. They stay until they are asked for again.
    pub pulls: Vec<u64>,
    /// Make the mirror anew: the one that is there turned out to be damaged.
    pub anew: bool,
}

/// A complete bare mirror. As long as one of its clones is there, the cache keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// The bare repository: heads and tags, HEAD at the remote's default branch.
    pub git_dir: PathBuf,
    /// The remote's default branch, without `refs/heads/`; `None` where it names none (an empty repository).
    pub head_branch: Option<String>,
    /// How the repository is known.
    pub source_key: String,
    /// Branches and tags that were left out because their names are not valid or not UTF-8.
    pub skipped_refs: u64,
    /// What came over the network this time.
    pub transfer: Transfer,
    /// It was made by this fetch, from nothing.
    pub is_new: bool,
    /// Keeps it from being removed.
    pub(super) hold: Hold,
}

/// What a fetch is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchProgress {
    /// Another fetch of the same address is under way; this one waits for it.
    Waiting,
    /// The remote is being asked.
    Connecting,
    /// Objects come in.
    Receiving(Transfer),
    /// The old mirror is damaged; a new one is made.
    Rebuilding,
}

/// How often limits and cancellation are looked at.
const POLL: Duration = Duration::from_millis(50);

/// Brings the mirror of an address up to date, making it where there is none.
///
/// `program` is our own binary, started with the command [`FETCH_COMMAND`]. Whatever happens, no half mirror stays
/// behind: a new mirror appears by one rename, an existing one keeps its refs until the new ones are complete.
///
/// # Errors
/// Each with a sentence: see [`FetchError`].
pub fn fetch(
    address: &RemoteAddress,
    cache: &MirrorCache,
    options: &FetchOptions,
    program: &Path,
    progress: &mut dyn FnMut(FetchProgress),
    cancelled: &AtomicBool,
) -> Result<Mirror, FetchError> {
    let home = cache.empty_home()?;
    let claim = match cache.claim(address, &mut || progress(FetchProgress::Waiting), cancelled) {
        Err(CacheError::Cancelled) => return Err(FetchError::Cancelled),
        other => other?,
    };
    let run = Run { address, options, program, home, cancelled };
    if claim.is_present() && !options.anew {
        match run.child(claim.path(), false, progress) {
            Ok(done) => {
                claim.mark(claim.path(), done.head_branch.as_deref())?;
                return mirror(address, cache, claim, done, false);
            }
            Err(FetchError::Remote { failure: Failure::Damaged { .. }, .. }) => {
                progress(FetchProgress::Rebuilding);
            }
            Err(error) => {
                // Half-received packs; what cannot be removed now is removed by the next fetch.
                let _ = claim.remove_leftovers();
                return Err(error);
            }
        }
    }
    let partial = claim.partial();
    let done = run.child(&partial, true, progress).and_then(|done| {
        claim.mark(&partial, done.head_branch.as_deref())?;
        claim.publish()?;
        Ok(done)
    });
    match done {
        Ok(done) => mirror(address, cache, claim, done, true),
        Err(error) => {
            let _ = claim.discard();
            Err(error)
        }
    }
}

/// The finished mirror; where it grew, older ones may have to go.
fn mirror(
    address: &RemoteAddress,
    cache: &MirrorCache,
    claim: Claim,
    done: Done,
    is_new: bool,
) -> Result<Mirror, FetchError> {
    let mirror = Mirror {
        git_dir: claim.path().to_owned(),
        head_branch: done.head_branch,
        source_key: address.source_key(),
        skipped_refs: done.skipped_refs,
        transfer: done.transfer,
        is_new,
        hold: claim.hold()?,
    };
    drop(claim);
    if mirror.transfer.received_objects > 0 {
        cache.make_room()?;
    }
    Ok(mirror)
}

/// What stays the same over the attempts of one fetch.
struct Run<'a> {
    address: &'a RemoteAddress,
    options: &'a FetchOptions,
    program: &'a Path,
    home: PathBuf,
    cancelled: &'a AtomicBool,
}

impl Run<'_> {
    /// One child, from start to end.
    fn child(
        &self,
        directory: &Path,
        fresh: bool,
        progress: &mut dyn FnMut(FetchProgress),
    ) -> Result<Done, FetchError> {
        let request = Request {
            url: self.address.url().to_owned(),
            policy: self.options.policy.clone(),
            credentials: self.options.credentials.clone(),
            directory: directory.to_owned(),
            fresh,
            received_bytes: self.options.limits.received_bytes,
            pulls: self.options.pulls.clone(),
        };
        let start = |source| FetchError::Start { program: self.program.to_owned(), source };
        let mut request = serde_json::to_vec(&request).map_err(|error| start(error.into()))?;
        request.push(b'\n');
        let mut child = Killed(self.command().spawn().map_err(start)?);
        let host = self.address.authority();
        let mut watch = Watch::new(self.options.limits, host.clone(), child.0.id(), directory);
        progress(FetchProgress::Connecting);
        // Held open to the end: its closing is what tells a child that we are gone.
        let mut input = child.0.stdin.take();
        if let Some(input) = &mut input {
            // A child that is gone already says why on its own.
            let _ = input.write_all(&request).and_then(|()| input.flush());
        }
        let (lines, said) = (listen(child.0.stdout.take()), hear_out(child.0.stderr.take()));
        loop {
            match lines.recv_timeout(POLL) {
                Ok(Some(Report::Progress(transfer))) => {
                    watch.sign(transfer);
                    progress(FetchProgress::Receiving(transfer));
                }
                Ok(Some(Report::Done(done))) => return Ok(done),
                Ok(Some(Report::Failed(failure))) => return Err(FetchError::Remote { host, failure }),
                Ok(None) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if self.cancelled.load(Ordering::Relaxed) {
                return Err(FetchError::Cancelled);
            }
            if let Some(error) = watch.exceeded() {
                return Err(error);
            }
        }
        drop(input);
        let status = child.end();
        let said = redact(said.recv_timeout(POLL).unwrap_or_default().trim());
        let said = if said.is_empty() { said } else { format!(": {said}") };
        Err(FetchError::Crashed { status, said })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command
            .arg(FETCH_COMMAND)
            .env_clear()
            .envs(self.options.environment.iter().map(|(name, value)| (name, value)))
            .env("HOME", &self.home)
            .env("XDG_CONFIG_HOME", &self.home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .current_dir(&self.home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }
}

/// A child that does not outlive the function that started it.
struct Killed(Child);

impl Killed {
    /// How the child ended; one that does not end although it has nothing more to say is killed after a second.
    fn end(&mut self) -> String {
        for _ in 0..20 {
            match self.0.try_wait() {
                Ok(Some(status)) => return status.to_string(),
                Ok(None) => thread::sleep(POLL),
                Err(error) => return error.to_string(),
            }
        }
        "it had to be killed".to_owned()
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        // Both fail only where it has ended and been waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Reads reports in a thread of its own. `None` where the child says what is no report; then it is not heard further.
fn listen(output: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Option<Report>> {
    let (send, receive) = mpsc::channel();
    let Some(output) = output else { return receive };
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        loop {
            let mut line = Vec::new();
            match output.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            let report = serde_json::from_slice(&line).ok();
            if send.send(report.clone()).is_err() || report.is_none() {
                return;
            }
        }
    });
    receive
}

/// Keeps the end of what the child says to people, for the case that it says nothing else.
fn hear_out(stderr: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    const KEPT: usize = 2000;
    let (send, receive) = mpsc::channel();
    let Some(mut stderr) = stderr else { return receive };
    thread::spawn(move || {
        let (mut kept, mut buffer) = (Vec::new(), [0; 1024]);
        while let Ok(count @ 1..) = stderr.read(&mut buffer) {
            kept.extend_from_slice(&buffer[..count]);
            let surplus = kept.len().saturating_sub(KEPT);
            kept.drain(..surplus);
        }
        // Nobody listens where the child ended well.
        let _ = send.send(String::from_utf8_lossy(&kept).into_owned());
    });
    receive
}
