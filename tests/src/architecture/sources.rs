//! What holds for every Rust source: its length, its head, its name, and what it may reach for.

use std::collections::BTreeSet;

use super::workspace::{SourceFile, crate_of, files, rust};
use super::{assert_none, planted};

/// No file is longer.
const LONGEST: usize = 400;
/// Names that say nothing of what a file holds.
const EMPTY_NAMES: [&str; 7] = ["util", "utils", "helper", "helpers", "common", "manager", "misc"];
/// Crates that do no input or output.
const PURE: [&str; 3] = ["model", "detectors", "linker"];
/// Modules of the standard library that reach outside.
const OUTSIDE: [&str; 6] = ["fs", "net", "time", "env", "process", "os"];

fn too_long(files: &[SourceFile]) -> Vec<String> {
    rust(files)
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{} has {lines} lines", file.path))
        .collect()
}

fn without_head(files: &[SourceFile]) -> Vec<String> {
    rust(files).filter(|file| !file.text.starts_with("//! ")).map(|file| file.path.clone()).collect()
}

/// Every name of a file or folder of sources that is an empty one.
fn emptily_named(files: &[SourceFile]) -> Vec<String> {
    rust(files)
        .filter(|file| file.path.split(['/', '.']).any(|name| EMPTY_NAMES.contains(&name)))
        .map(|file| file.path.clone())
        .collect()
}

/// Files that no file declares as a module, and which are therefore not compiled.
fn forgotten(files: &[SourceFile]) -> Vec<String> {
    let paths: BTreeSet<&str> = rust(files).map(|file| file.path.as_str()).collect();
    let declares = |path: &str, module: &str| {
        files.iter().filter(|file| file.path == path).any(|file| {
            let declarations = file.text.lines().map(|line| line.trim_start().trim_end());
            declarations.filter_map(|line| line.strip_suffix(';')).any(|line| {
                line.rsplit_once("mod ").is_some_and(|(before, name)| {
                    name == module
                        && (before.is_empty() || before.starts_with("pub") || before.ends_with("] "))
                })
            })
        })
    };
    let mut offences = Vec::new();
    for path in &paths {
        let Some((folder, rest)) = path.split_once("/src/") else { continue };
        if matches!(rest, "lib.rs" | "main.rs") || rest.starts_with("bin/") {
            continue;
        }
        let module = rest.trim_end_matches("/mod.rs").trim_end_matches(".rs");
        let parents: Vec<String> = match module.rsplit_once('/') {
            Some((above, _)) => ["/mod.rs", ".rs"].map(|end| format!("{folder}/src/{above}{end}")).into(),
            None => ["lib.rs", "main.rs"].map(|name| format!("{folder}/src/{name}")).into(),
        };
        let name = module.rsplit('/').next().unwrap_or(module);
        let by_path = || {
            let (above, file) = path.rsplit_once('/').unwrap_or(("", path));
            let attribute = format!("#[path = \"{file}\"]");
            let siblings =
                files.iter().filter(|other| other.path.rsplit_once('/').is_some_and(|(at, _)| at == above));
            siblings.into_iter().any(|other| other.text.contains(&attribute))
        };
        if !parents.iter().any(|parent| declares(parent, name)) && !by_path() {
            offences.push(format!("{path} is declared in none of {}", parents.join(", ")));
        }
    }
    offences
}

/// The text without comments and without what is compiled for tests alone.
fn code(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]" && lines.peek().is_some_and(|next| next.contains("mod ")) {
            match lines.next() {
                Some(next) if next.trim_end().ends_with('{') => break, // clippy holds test modules to the end
                _ => continue,
            }
        }
        kept.push_str(line.split("//").next().unwrap_or(""));
        kept.push('\n');
    }
    kept
}

/// Modules that are declared for tests alone: their files are no part of the program.
fn test_modules(files: &[SourceFile]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in rust(files) {
        let folder = match file.path.rsplit_once('/') {
            Some((folder, "lib.rs" | "main.rs" | "mod.rs")) => folder.to_owned(),
            _ => file.path.trim_end_matches(".rs").to_owned(),
        };
        let mut lines = file.text.lines().map(str::trim).peekable();
        while let Some(line) = lines.next() {
            let Some(next) = lines.peek().filter(|_| line == "#[cfg(test)]") else { continue };
            if let Some(name) = next.strip_prefix("#[path = \"").and_then(|rest| rest.strip_suffix(".rs\"]"))
            {
                found.insert(
                    file.path
                        .rsplit_once('/')
                        .map_or(name.to_owned(), |(above, _)| format!("{above}/{name}")),
                );
            } else if let Some((_, name)) = next.trim_end_matches(';').rsplit_once("mod ") {
                found.insert(format!("{folder}/{name}"));
            }
        }
    }
    found
}

/// The names that follow `std::` in code, whether alone or in braces.
fn from_std(code: &str) -> BTreeSet<&str> {
    let name_at = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("std::") {
        let rest = &code[at + "std::".len()..];
        match rest.strip_prefix('{') {
            None => _ = found.insert(&rest[..name_at(rest)]),
            Some(group) => {
                let group = &group[..group.find(';').unwrap_or(group.len())];
                found.extend(
                    group.split(['{', ',', '}']).map(|part| part.trim()).map(|part| &part[..name_at(part)]),
                );
            }
        }
    }
    found
}

fn impure(files: &[SourceFile]) -> Vec<String> {
    let tests = test_modules(files);
    let mut offences = Vec::new();
    for file in rust(files).filter(|file| PURE.contains(&crate_of(&file.path)) && file.path.contains("/src/"))
    {
        let module = file.path.trim_end_matches(".rs").trim_end_matches("/mod");
        if tests.iter().any(|test| module == test || module.starts_with(&format!("{test}/"))) {
            continue;
        }
        let text = code(&file.text);
        let reached = from_std(&text);
        offences.extend(
            OUTSIDE
                .iter()
                .filter(|name| reached.contains(*name))
                .map(|name| format!("{} reaches for std::{name}", file.path)),
        );
    }
    offences
}

/// Where the environment is read. `clippy.toml` refuses it too; here is said which file is the exception.
fn reading_environment(files: &[SourceFile]) -> Vec<String> {
    rust(files)
        .filter(|file| crate_of(&file.path) != "tests" && !file.path.contains("/tests/"))
        .filter(|file| {
            let text = code(&file.text);
            ["env::var", "env::vars", "env::{var", "#[arg(env", ", env)", "env = \""]
                .iter()
                .any(|way| text.contains(way))
        })
        .map(|file| file.path.clone())
        .collect()
}

fn ignoring(files: &[SourceFile]) -> Vec<String> {
    let attribute = ["#[", "ignore"].concat();
    rust(files).filter(|file| file.text.contains(&attribute)).map(|file| file.path.clone()).collect()
}

#[test]
fn no_file_is_long() {
    assert_none("files above 400 lines", &too_long(files()));
    let planted = [planted("a/src/b.rs", &"\n".repeat(401)), planted("a/src/c.rs", &"\n".repeat(400))];
    assert_eq!(too_long(&planted), ["a/src/b.rs has 401 lines"]);

    let mut lengths: Vec<usize> = rust(files()).map(|file| file.text.lines().count()).collect();
    lengths.sort_unstable();
    println!("{} Rust sources, median {} lines", lengths.len(), lengths[lengths.len() / 2]);
}

#[test]
fn every_file_says_what_it_is_for() {
    assert_none("files without a head", &without_head(files()));
    let planted = [planted("a.rs", "// no\n"), planted("b.rs", "//! Yes.\n")];
    assert_eq!(without_head(&planted), ["a.rs"]);
}

#[test]
fn names_say_what_a_file_holds() {
    assert_none("empty names", &emptily_named(files()));
    let planted = [planted("cli/src/utils/time.rs", ""), planted("cli/src/common_tasks.rs", "")];
    assert_eq!(emptily_named(&planted), ["cli/src/utils/time.rs"]);
}

#[test]
fn no_file_is_forgotten() {
    assert_none("files that are compiled by nobody", &forgotten(files()));
    let declared = planted("a/src/lib.rs", "#[cfg(test)]\nmod one;\npub(crate) mod two;\n// mod three;\n");
    let rest =
        ["one.rs", "two/mod.rs", "three.rs", "two/four.rs"].map(|name| planted(&format!("a/src/{name}"), ""));
    let offences = forgotten(&[&[declared][..], &rest].concat());
    assert_eq!(
        offences,
        [
            "a/src/three.rs is declared in none of a/src/lib.rs, a/src/main.rs",
            "a/src/two/four.rs is declared in none of a/src/two/mod.rs, a/src/two.rs"
        ]
    );
}

#[test]
fn model_detectors_and_linker_do_no_input_or_output() {
    assert_none("reaching outside", &impure(files()));
    let bad = planted(
        "linker/src/a.rs",
        "//! x\nuse std::{collections::BTreeMap, io,\n  fs::File};\nlet t = std::time::Instant::now();",
    );
    let fine = planted(
        "linker/src/b.rs",
        "// std::fs\nuse std::fmt;\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n",
    );
    let root = planted(
        "linker/src/lib.rs",
        "#[cfg(test)]\nmod cases;\n#[cfg(test)]\n#[path = \"b_tests.rs\"]\nmod tests;\n",
    );
    let cases = planted("linker/src/cases.rs", "use std::fs;");
    let more = planted("linker/src/b_tests.rs", "use std::fs;");
    assert_eq!(
        impure(&[bad, fine, root, cases, more]),
        ["linker/src/a.rs reaches for std::fs", "linker/src/a.rs reaches for std::time"]
    );
}

#[test]
fn the_environment_is_read_in_one_place() {
    assert_eq!(reading_environment(files()), ["cli/src/environment.rs"]);
    let planted = [
        planted("store/src/a.rs", "let url = std::env::var(\"X\");"),
        planted("store/src/b.rs", "// env::var\n"),
    ];
    assert_eq!(reading_environment(&planted), ["store/src/a.rs"]);
}

#[test]
fn no_test_is_left_out() {
    assert_none("tests that are left out", &ignoring(files()));
    let text = ["#[test]\n#[", "ignore = \"slow\"]\nfn a() {}"].concat();
    assert_eq!(ignoring(&[planted("a.rs", &text)]), ["a.rs"]);
}
