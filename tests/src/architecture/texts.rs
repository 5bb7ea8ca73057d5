//! What no text of this project may say.

use std::collections::BTreeSet;

use super::workspace::{SourceFile, files};
use super::{assert_none, planted};

/// Paths of one machine, and hosts of package registries: the project stands alone. In halves, for this file is
/// one of those that are searched.
const FORBIDDEN: [(&str, &str); 9] = [
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/tmp", "/w/"),
    ("../sha", "red"),
    ("/home/", "runner"),
    ("crates", ".io"),
    ("www.npmjs", ".com"),
    ("registry.", "npmjs"),
    ("pypi", ".org"),
];

/// Written by cargo, which names the registry in every entry.
const BY_CARGO: [&str; 2] = ["Cargo.lock", "fuzz/Cargo.lock"];

fn forbidden_words(files: &[SourceFile]) -> Vec<String> {
    let mut offences = Vec::new();
    for file in files.iter().filter(|file| !BY_CARGO.contains(&file.path.as_str())) {
        for (number, line) in (1..).zip(file.text.lines()) {
            for (first, second) in FORBIDDEN {
                let word = format!("{first}{second}");
                // `cases/root/a` is below a folder of ours, not at the top of a machine.
                let stands_alone = |at: usize| {
                    !first.starts_with('/')
                        || !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}".contains(c))
                };
                if line.match_indices(&word).any(|(at, _)| stands_alone(at)) {
                    offences.push(format!("{}:{number} says {word}", file.path));
                }
            }
        }
    }
    offences
}

/// Paths in backticks, in the documents at the top and in `docs/`, that lead nowhere.
fn stale_paths(files: &[SourceFile]) -> Vec<String> {
    let folders: BTreeSet<&str> =
        files.iter().filter_map(|file| Some(file.path.split_once('/')?.0)).collect();
    let exists = |path: &str| match path.strip_suffix('/') {
        Some(folder) => {
            files.iter().any(|file| file.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
        }
        None => files.iter().any(|file| file.path == path),
    };
    let mut offences = Vec::new();
    for file in files.iter().filter(|file| {
        file.path.ends_with(".md") && (!file.path.contains('/') || file.path.starts_with("docs/"))
    }) {
        for (number, line) in (1..).zip(file.text.lines()) {
            // Every other piece between backticks is code; what holds a place to fill in is no path.
            let named =
                line.split('`').skip(1).step_by(2).filter(|code| !code.contains(['<', ' ', '$', '*']));
            let ours =
                named.filter(|code| code.split_once('/').is_some_and(|(first, _)| folders.contains(first)));
            offences.extend(
                ours.filter(|path| !exists(path)).map(|path| format!("{}:{number} names {path}", file.path)),
            );
        }
    }
    offences
}

#[test]
fn documents_name_what_is_there() {
    assert_none("paths that lead nowhere", &stale_paths(files()));
    let readme = planted("README.md", "see `cli/src/`, `cli/src/gone.rs`,\n`cli/<x>/y` and `other/thing`");
    assert_eq!(stale_paths(&[planted("cli/src/main.rs", ""), readme]), ["README.md:1 names cli/src/gone.rs"]);
}

#[test]
fn no_text_names_a_machine_or_a_registry() {
    assert_none("forbidden words", &forbidden_words(files()));
    let text = format!("a{0}{1}x is fine\nsee {0}{1}x\n", FORBIDDEN[0].0, FORBIDDEN[0].1);
    assert_eq!(forbidden_words(&[planted("a.md", &text)]), [format!("a.md:2 says {}{}", "/wo", "rk/")]);
}
