//! What no text of this project may say.

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

#[test]
fn no_text_names_a_machine_or_a_registry() {
    assert_none("forbidden words", &forbidden_words(files()));
    let text = format!("a{0}{1}x is fine\nsee {0}{1}x\n", FORBIDDEN[0].0, FORBIDDEN[0].1);
    assert_eq!(forbidden_words(&[planted("a.md", &text)]), [format!("a.md:2 says {}{}", "/wo", "rk/")]);
}
