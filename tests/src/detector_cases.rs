//! Every detector case as a real repository: its document fits the schema, and its folder equals its commit.
//!
//! What is found in a case is asserted where the detectors are tested; here the whole way through Git is walked.

use std::fs;
use std::path::{Path, PathBuf};

use crate::made::{Made, of_path};
use crate::scan_document::offences;

/// A file that is too large to be read, whatever the case says beyond that.
const UNREAD: usize = (1 << 20) + 1;

/// A gitlink's commit; nothing is ever looked up by it.
const GITLINK: &str = "1234567890123456789012345678901234567890";

fn cases() -> Vec<PathBuf> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/detectors"));
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let mut cases: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|it| it == "case")).collect();
    cases.sort();
    cases
}

/// `(path, mark, body)` of each part; what is no part of the tree is left out.
fn parts(text: &str) -> Vec<(String, String, String)> {
    let mut parts: Vec<(String, String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let head = line.trim_end().strip_prefix("-- ").and_then(|line| line.strip_suffix(" --"));
        match (head, parts.last_mut()) {
            (Some(head), _) => {
                let (path, mark) =
                    head.strip_suffix(')').and_then(|it| it.rsplit_once(" (")).unwrap_or((head, ""));
                parts.push((path.to_owned(), mark.to_owned(), String::new()));
            }
            (None, Some(part)) => part.2.push_str(line),
            (None, None) => {}
        }
    }
    parts.retain(|(path, ..)| !["user", "all", "explain", "expected"].contains(&path.as_str()));
    parts
}

/// `\xNN`, `\n`, `\r`, `\t` and `\\` on one line.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.trim_end_matches('\n').bytes();
    while let Some(byte) = rest.next() {
        let escape = if byte == b'\\' { rest.next() } else { None };
        bytes.push(match escape {
            None => byte,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'x') => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).unwrap()
            }
            Some(other) => other,
        });
    }
    bytes
}

fn made(case: &Path) -> Made {
    let made = Made::new();
    let text = fs::read_to_string(case).unwrap();
    let mut gitlinks = Vec::new();
    for (path, mark, body) in parts(&text) {
        match mark.as_str() {
            "" => made.write(&path, body),
            "escaped" => made.write(&path, unescape(&body)),
            "symlink" => made.link(&path, "nowhere"),
            "gitlink" => gitlinks.push(path),
            _ => made.write(&path, vec![b'x'; UNREAD]),
        }
    }
    made.git(&["add", "--all", "--force"]);
    for path in gitlinks {
        made.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{GITLINK},{path}")]);
        fs::create_dir_all(made.root.join(path)).unwrap();
    }
    made.record("case");
    made
}

#[test]
fn every_case_is_a_valid_document_and_the_same_from_its_commit() {
    let cases = cases();
    assert!(cases.len() > 60, "only {} cases", cases.len());
    for case in cases {
        let made = made(&case);
        for all in [false, true] {
            let document = serde_json::to_value(of_path(&made.root, None, true, all)).unwrap();
            assert_eq!(offences(&document), [""; 0], "{}", case.display());
        }
        made.assert_folder_is_commit();
    }
}
