//! Repositories that tests make with the git command, and what the engine says of them.
//!
//! Git itself makes every fixture, so that what is compared is what Git really leaves on a disk; nothing of this
//! machine's or its user's configuration reaches it.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use muster_engine::{Presentation, Scan, ScanOptions, present, scan};
use muster_model::Document;
use muster_scanner::{Limits, Silent, Source};
use tempfile::TempDir;

/// A folder with a repository in it.
pub(crate) struct Made {
    directory: TempDir,
    /// The folder.
    pub(crate) root: PathBuf,
    /// Minutes since the first commit: each is a minute younger than the one before.
    clock: Cell<u64>,
    mirrors: Cell<u32>,
}

impl Made {
    /// An empty repository on `trunk`.
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// The same, made with these arguments of `git init`.
    pub(crate) fn with(arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().canonicalize().unwrap().join("work");
        fs::create_dir(&root).unwrap();
        let made = Self { directory, root, clock: Cell::new(0), mirrors: Cell::new(0) };
        made.git(&[&["init", "--quiet", "--initial-branch=trunk"], arguments].concat());
        made
    }

    /// A place beside the folder.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join(name)
    }

    /// Runs git in the folder; gives what it prints.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.root, arguments)
    }

    /// Runs git in another folder.
    pub(crate) fn git_in(&self, folder: &Path, arguments: &[&str]) -> String {
        String::from_utf8_lossy(&self.git_bytes(folder, arguments, b"")).into_owned()
    }

    /// Runs git with something to read; gives the bytes that it prints.
    pub(crate) fn git_bytes(&self, folder: &Path, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let (command, shown) = (self.command(folder, arguments), arguments.join(" "));
        let output = run(command, input);
        assert!(output.status.success(), "git {shown}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Runs git where it may fail; true where it did not.
    pub(crate) fn tries(&self, arguments: &[&str]) -> bool {
        run(self.command(&self.root, arguments), b"").status.success()
    }

    fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=trunk", "-C"]);
        command.arg(folder).args(arguments);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        let seconds = 1_700_000_000 + 60 * self.clock.get();
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Somebody");
            command.env(format!("GIT_{who}_EMAIL"), "somebody@example.org");
            command.env(format!("GIT_{who}_DATE"), format!("{seconds} +0100"));
        }
        command
    }

    /// Lets a minute pass before the next commit.
    pub(crate) fn wait(&self) {
        self.clock.set(self.clock.get() + 1);
    }

    /// Writes a file of the folder, with the directories above it.
    pub(crate) fn write(&self, path: impl AsRef<[u8]>, content: impl AsRef<[u8]>) {
        let path = self.root.join(OsStr::from_bytes(path.as_ref()));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Makes a symbolic link.
    pub(crate) fn link(&self, path: &str, target: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
    }

    /// Removes a file.
    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.root.join(path)).unwrap();
    }

    /// Commits everything that is not ignored; gives the commit's name.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.record(message)
    }

    /// Commits what is staged; gives the commit's name.
    pub(crate) fn record(&self, message: &str) -> String {
        self.wait();
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.head()
    }

    /// The commit of HEAD.
    pub(crate) fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// A new bare mirror.
    pub(crate) fn mirror(&self) -> PathBuf {
        self.mirrors.set(self.mirrors.get() + 1);
        let mirror = self.beside(&format!("mirror-{}/work.git", self.mirrors.get()));
        fs::create_dir_all(mirror.parent().unwrap()).unwrap();
        self.git(&["clone", "--quiet", "--mirror", ".", mirror.to_str().unwrap()]);
        mirror
    }

    /// What a folder scan says, submodules not entered.
    pub(crate) fn folder(&self) -> Document {
        of_path(&self.root, None, false, false)
    }

    /// Fails unless the folder and its commit give the same document, whichever way the commit is read; gives it.
    #[track_caller]
    pub(crate) fn assert_folder_is_commit(&self) -> Document {
        self.assert_folder_is("HEAD")
    }

    /// The same for a commit that is not HEAD's in the mirror.
    #[track_caller]
    pub(crate) fn assert_folder_is(&self, revision: &str) -> Document {
        let mirror = self.mirror();
        for all in [true, false] {
            let folder = of_path(&self.root, None, false, all);
            assert!(!folder.repository.dirty, "dirty: {}", self.git(&["status", "--short"]));
            assert_same(&of_path(&mirror, Some(revision), false, all), &folder);
            assert_same(&of_path(&self.root, Some("HEAD"), false, all), &folder);
        }
        self.folder()
    }
}

fn run(mut command: Command, input: &[u8]) -> std::process::Output {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git is installed");
    // A child that reads nothing may be gone already.
    let _unread = child.stdin.take().map(|mut pipe| pipe.write_all(input));
    child.wait_with_output().unwrap()
}

/// How the tests scan.
pub(crate) fn options(submodules: bool, all: bool) -> ScanOptions<'static> {
    static NEVER: AtomicBool = AtomicBool::new(false);
    ScanOptions { user_rules: None, all, submodules, threads: 2, progress: &Silent, cancelled: &NEVER }
}

/// Scans a path.
pub(crate) fn scanned(path: &Path, revision: Option<&str>, submodules: bool, all: bool) -> Scan {
    let source = Source::open(path, revision, Limits::default()).unwrap();
    scan(source, options(submodules, all), None).unwrap()
}

/// The document of a path.
pub(crate) fn of_path(path: &Path, revision: Option<&str>, submodules: bool, all: bool) -> Document {
    document(&scanned(path, revision, submodules, all), all)
}

/// The document of a scan, without what may differ between two scans of the same tree.
pub(crate) fn document(scan: &Scan, all: bool) -> Document {
    let how = Presentation {
        source: String::new(),
        revision: None,
        version: "test",
        all,
        commit_count: None,
        elapsed: Duration::ZERO,
    };
    let mut document = present(scan, &how);
    document.repository.branch = None;
    document.repository.remote_url = None;
    document
}

/// Compares byte by byte and shows the lines that differ.
#[track_caller]
pub(crate) fn assert_same(expected: &Document, found: &Document) {
    let [expected, found] = [expected, found].map(|one| serde_json::to_string_pretty(one).unwrap());
    if expected != found {
        let lines = expected.lines().zip(found.lines()).enumerate();
        let different = lines.filter(|(_, (one, other))| one != other).take(12);
        let shown: Vec<String> =
            different.map(|(at, (one, other))| format!("{at}: {one} | {other}")).collect();
        panic!("expected | found, {} and {} bytes:\n{}", expected.len(), found.len(), shown.join("\n"));
    }
}
