//! A process of its own: this test program once more, as a test that is told what to do.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use muster_store::{DatabaseUrl, Store};

const DATABASE: &str = "database=";

/// A child that waits to be let go.
pub(crate) struct Waiting {
    pub(crate) child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

/// Does nothing unless it was started by [`Waiting::to_migrate`].
#[tokio::test]
async fn child_migrates_when_it_is_told() {
    let Some(url) = std::env::args().find_map(|argument| argument.strip_prefix(DATABASE).map(str::to_owned))
    else {
        return;
    };
    let url: DatabaseUrl = url.parse().unwrap();
    println!("\nready");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    match Store::migrate(&url).await {
        Ok(before) => println!("\nfrom {}", before.found),
        Err(error) => println!("\nfailed {error}"),
    }
}

impl Waiting {
    /// One that migrates this database.
    pub(crate) fn to_migrate(url: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child::child_migrates_when_it_is_told", "--nocapture"])
            .arg(format!("{DATABASE}{url}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut waiting = Self { child, lines };
        waiting.said("ready");
        waiting
    }

    /// Lets it go.
    pub(crate) fn let_go(&mut self) {
        self.child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    }

    /// The first line that begins so.
    pub(crate) fn said(&mut self, beginning: &str) -> Option<String> {
        self.lines.by_ref().map_while(Result::ok).find(|line| line.starts_with(beginning))
    }

    /// What became of it: `from 6`, or `failed ..`.
    pub(crate) fn outcome(&mut self) -> String {
        let told = |line: &String| line.starts_with("from ") || line.starts_with("failed ");
        let outcome = self.lines.by_ref().map_while(Result::ok).find(told);
        self.child.wait().unwrap();
        outcome.expect("the child says what became of it")
    }
}
