//! One user with one repository, who runs one command after the other.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::made::Made;
use crate::program::muster;

/// A repository, a home, and a database in it.
pub(crate) struct Session {
    pub(crate) made: Made,
    home: PathBuf,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Said {
    /// Results.
    pub(crate) out: String,
    /// Words.
    pub(crate) words: String,
    /// It ended well.
    pub(crate) success: bool,
}

impl Session {
    /// A small shop: three projects, one of them a fixture; two task lists, one comment; two commits.
    pub(crate) fn new() -> Self {
        let session = Self::empty();
        let made = &session.made;
        made.write("package.json", r#"{"name": "shop", "version": "1.2.0", "workspaces": ["packages/*"]}"#);
        made.write(
            "TASKLIST.md",
            "# Shop\n\n## Soon\n\n- [x] T1: Open\n- [ ] T2: Sell\n  - [ ] T2.1: Weigh\n",
        );
        made.write("packages/ui/package.json", r#"{"name": "@shop/ui"}"#);
        made.write("packages/ui/src/button.js", "// TODO(design): draw it, see #12\n");
        made.write("packages/ui/fixtures/empty/package.json", r#"{"name": "empty"}"#);
        made.commit("Open the shop");
        made.write("packages/ui/src/window.js", "export {}\n");
        made.commit("Put in a window\n\nCloses T1, see #7.");
        session
    }

    /// A repository without a commit.
    pub(crate) fn empty() -> Self {
        let made = Made::new();
        let home = made.beside("home");
        std::fs::create_dir(&home).unwrap();
        Self { made, home }
    }

    /// The database that the commands use.
    pub(crate) fn database(&self) -> PathBuf {
        self.home.join("own.db")
    }

    /// A command of the binary that knows nothing but where home is.
    pub(crate) fn bare(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(muster());
        command.args(arguments).env_clear().env("HOME", &self.home).current_dir(&self.home);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The same with the database.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare(arguments);
        command.arg("--database").arg(self.database());
        command
    }

    /// Runs a command with the database.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        self.said(self.command(arguments).output().unwrap())
    }

    /// Runs a command that has to end well and to say no words; gives its results.
    #[track_caller]
    pub(crate) fn results(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert!(said.success && said.words.is_empty(), "{arguments:?}: {said:?}");
        said.out
    }

    /// Runs a command that has to fail without results; gives its words.
    #[track_caller]
    pub(crate) fn failure(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert!(!said.success && said.out.is_empty(), "{arguments:?}: {said:?}");
        said.words
    }

    /// The items of a list.
    #[track_caller]
    pub(crate) fn items(&self, arguments: &[&str]) -> Vec<Value> {
        let out = self.results(&[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&out).unwrap()
    }

    /// Scans the repository.
    #[track_caller]
    pub(crate) fn scan(&self) {
        self.results(&["scan", self.root()]);
    }

    /// The repository's folder.
    pub(crate) fn root(&self) -> &str {
        self.made.root.to_str().unwrap()
    }

    /// What a process said, with what differs from run to run left out.
    pub(crate) fn said(&self, output: Output) -> Said {
        let [out, words] = [output.stdout, output.stderr].map(|bytes| self.settled(&bytes));
        Said { out, words, success: output.status.success() }
    }

    fn settled(&self, bytes: &[u8]) -> String {
        let beside = self.made.beside("");
        let beside = Path::new(&beside).to_str().unwrap().trim_end_matches('/');
        without_times(&String::from_utf8_lossy(bytes).replace(beside, "/tmp"))
    }
}

/// Writes every time in UTC as dots: it is one that we set ourselves. Those of commits stand an hour east of it.
fn without_times(text: &str) -> String {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00Z";
    let mut bytes = text.as_bytes().to_vec();
    let is_time = |window: &[u8]| {
        let same =
            |(byte, shape): (&u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
        window.iter().zip(SHAPE).all(same)
    };
    for at in 0..bytes.len().saturating_sub(SHAPE.len() - 1) {
        let window = &mut bytes[at..at + SHAPE.len()];
        if is_time(window) {
            window.iter_mut().filter(|byte| byte.is_ascii_digit()).for_each(|byte| *byte = b'.');
        }
    }
    String::from_utf8(bytes).expect("digits were replaced by dots")
}
