//! A process of this test program that moves something, so that it can be killed.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use muster_store::{DatabaseUrl, Store, Transfer};

use crate::NOW;
use crate::exports::same;
use crate::filled::id;

const ARGUMENT: &str = "move=";
const BETWEEN: char = '\u{1f}';

/// The lines that the child has still to say before it waits to be killed.
static LINES: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Says how far it is, a line a thousand rows. After the last line that it may say it goes no further: whoever kills it
/// finds it there, however late he comes.
fn aloud(words: &str, rows: u64) {
    println!("\nat {words} {rows}");
    while LINES.fetch_sub(1, Ordering::SeqCst) <= 1 {
        LINES.store(1, Ordering::SeqCst);
        std::thread::park();
    }
}

/// The child: does what it is told to; a test of nothing where nothing was said.
#[tokio::test]
async fn child_moves_until_it_is_killed() {
    let Some(told) = std::env::args().find_map(|argument| argument.strip_prefix(ARGUMENT).map(str::to_owned))
    else {
        return;
    };
    let [what, from, to, lines] = told.split(BETWEEN).collect::<Vec<_>>()[..] else { panic!("{told}") };
    LINES.store(lines.parse().unwrap(), Ordering::SeqCst);
    match what {
        "export" => {
            let store = Store::open(&from.parse().unwrap()).await.unwrap();
            let mut out = BufWriter::new(File::create(to).unwrap());
            store.tenant(id(1)).export(&mut out, None, NOW, &aloud).await.unwrap();
        }
        "import" => {
            let store = Store::open(&to.parse().unwrap()).await.unwrap();
            let mut file = BufReader::new(File::open(from).unwrap());
            store.import_tenant(&mut file, same(), &aloud).await.unwrap();
        }
        _ => {
            let (from, to): (DatabaseUrl, DatabaseUrl) = (from.parse().unwrap(), to.parse().unwrap());
            Transfer::open(&from, &to).await.unwrap().run(&aloud).await.unwrap();
        }
    }
    println!("\ndone");
}

fn start(what: &str, from: &str, to: &str, lines: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "children::child_moves_until_it_is_killed", "--nocapture"])
        .arg(format!("{ARGUMENT}{what}{BETWEEN}{from}{BETWEEN}{to}{BETWEEN}{lines}"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Kills a child that has said so many lines and goes no further. True where it was done before.
pub(crate) fn killed_after(lines: usize, what: &str, from: &str, to: &str) -> bool {
    let mut child = start(what, from, to, lines);
    let said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut said = said.filter(|line| line.starts_with("at ") || line == "done");
    let done = said.by_ref().take(lines).any(|line| line == "done");
    child.kill().unwrap();
    child.wait().unwrap();
    done
}

/// Lets a child finish.
pub(crate) fn finished(what: &str, from: &str, to: &str) {
    assert!(killed_after(usize::MAX, what, from, to), "{what} from {from} did not end well");
}

/// A path as text.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
