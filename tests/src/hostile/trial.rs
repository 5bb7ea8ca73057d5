//! One repository, a place outside of it that must not be read, and runs of the program that cannot last for ever.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::made::Made;
use crate::program::muster;

/// Stands in everything that must never show.
pub(super) const CANARY: &str = "CANARY";
/// After this long a run hangs, and is ended.
const HANGS: Duration = Duration::from_secs(120);

/// A repository with someone outside of it.
pub(super) struct Trial {
    pub(super) made: Made,
    /// A folder beside the repository, with one file of each kind that a scan reads.
    pub(super) outside: PathBuf,
}

/// How a run ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) words: String,
}

impl Trial {
    /// A repository without a commit.
    pub(super) fn new() -> Self {
        let made = Made::new();
        let outside = made.beside("outside");
        fs::create_dir_all(outside.join(".coditect")).unwrap();
        for (name, content) in [
            ("a.rs", "// TODO: CANARY\n"),
            ("TASKLIST.md", "- [ ] CANARY\n"),
            ("package.json", "{\"name\": \"CANARY\"}\n"),
            (".coditect/manifest.json", "{\"name\": \"CANARY\"}\n"),
            ("rules", "*.rs\n"),
        ] {
            fs::write(outside.join(name), content).unwrap();
        }
        fs::create_dir(made.beside("home")).unwrap();
        Self { made, outside }
    }

    /// A repository with one commit and one TODO in it, `seen`.
    pub(super) fn with_a_commit() -> Self {
        let trial = Self::new();
        trial.made.write("a.rs", "// TODO: seen\n");
        trial.made.commit("One");
        trial
    }

    /// A file of the Git directory.
    pub(super) fn git_file(&self, name: &str) -> PathBuf {
        self.made.root.join(".git").join(name)
    }

    /// A script that leaves a trace when somebody runs it.
    pub(super) fn trap(&self) -> String {
        use std::os::unix::fs::PermissionsExt;
        let script = self.outside.join("trap.sh");
        fs::write(&script, format!("#!/bin/sh\ntouch {}\n", self.trace().display())).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        script.to_str().unwrap().to_owned()
    }

    /// The trace.
    pub(super) fn trace(&self) -> PathBuf {
        self.outside.join("somebody-ran-it")
    }

    /// The program with nothing in its environment but a home.
    pub(super) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(muster());
        command.args(arguments).env_clear().env("HOME", self.made.beside("home"));
        command.current_dir(&self.made.root).stdin(Stdio::null());
        command
    }

    /// Runs the program.
    pub(super) fn run(&self, arguments: &[&str]) -> Ended {
        finish(self.program(arguments))
    }

    /// Scans the folder without saving; it must succeed. Gives the document.
    #[track_caller]
    pub(super) fn document(&self) -> Value {
        self.document_with(&[])
    }

    /// The same with further arguments.
    #[track_caller]
    pub(super) fn document_with(&self, arguments: &[&str]) -> Value {
        let ended = self.run(&[&["scan", ".", "--no-save", "--format", "json"], arguments].concat());
        assert_eq!((ended.code, ended.words.as_str()), (Some(0), ""), "{}", ended.out);
        assert!(!ended.out.contains(CANARY), "{}", ended.out);
        assert!(!self.trace().exists(), "a script was run");
        serde_json::from_str(&ended.out).unwrap()
    }

    /// Scans the folder without saving; it must fail. Gives the sentence, without this machine's paths.
    #[track_caller]
    pub(super) fn refusal(&self, arguments: &[&str]) -> String {
        let ended = self.run(&[&["scan", "--no-save"], arguments].concat());
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{}", ended.words);
        assert!(!ended.words.contains(CANARY), "{}", ended.words);
        assert_eq!(ended.words.lines().count(), 1, "{}", ended.words);
        assert!(ended.words.len() < 1_200, "{}", ended.words);
        let beside = self.made.beside("");
        ended.words.trim_end().replace(beside.to_str().unwrap().trim_end_matches('/'), "/tmp")
    }
}

/// Waits for a program, and ends it where it hangs.
pub(super) fn finish(mut command: Command) -> Ended {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let process = child.id().to_string();
    let (done, is_done) = mpsc::channel::<()>();
    let guard = thread::spawn(move || {
        if let Err(mpsc::RecvTimeoutError::Timeout) = is_done.recv_timeout(HANGS) {
            _ = Command::new("kill").args(["-KILL", &process]).status();
        }
    });
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    drop(done);
    guard.join().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is printed is UTF-8");
    Ended { code: status.code(), out: text(stdout), words: text(stderr) }
}

/// Makes a pipe that nobody writes to.
pub(super) fn make_pipe(path: impl AsRef<OsStr>) {
    assert!(Command::new("mkfifo").arg(path.as_ref()).status().unwrap().success());
}

/// The problems of a document, a line each.
pub(super) fn problems(document: &Value) -> Vec<String> {
    let told = |problem: &Value| {
        let path = problem["path"].as_str().unwrap_or("-");
        format!("{} | {path} | {}", problem["kind"].as_str().unwrap(), problem["message"].as_str().unwrap())
    };
    document["problems"].as_array().unwrap().iter().map(told).collect()
}

/// The titles of its tasks with their paths.
pub(super) fn tasks(document: &Value) -> Vec<String> {
    let told =
        |task: &Value| format!("{}: {}", task["path"].as_str().unwrap(), task["title"].as_str().unwrap());
    document["tasks"].as_array().unwrap().iter().map(told).collect()
}
