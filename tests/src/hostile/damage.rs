//! Objects, packs, an index and a configuration that are damaged or in part missing.

use std::fs::{self, OpenOptions};
use std::path::PathBuf;

use super::trial::{Trial, problems, tasks};

/// The file of a loose object.
fn loose(trial: &Trial, name: &str) -> PathBuf {
    let id = trial.made.git(&["rev-parse", name]);
    let (first, rest) = id.trim().split_at(2);
    trial.git_file(&format!("objects/{first}/{rest}"))
}

#[test]
fn what_is_missing_is_listed_and_the_rest_is_scanned_and_saved() {
    let trial = Trial::new();
    for name in ["one", "two", "three"] {
        trial.made.write(format!("{name}/a.rs"), format!("// TODO: {name}\n"));
        trial.made.commit(name);
    }
    let bare = trial.made.beside("bare.git");
    let bare_text = bare.to_str().unwrap();
    let away: Vec<_> = ["HEAD:one/a.rs", "HEAD:two"]
        .iter()
        .map(|name| loose(&trial, name))
        .map(|path| (fs::read(&path).unwrap(), path))
        .collect();
    for (_, path) in &away {
        fs::remove_file(path).unwrap();
    }
    // Git does not copy what is not all there.
    assert!(
        std::process::Command::new("cp")
            .arg("-R")
            .arg(trial.git_file(""))
            .arg(&bare)
            .status()
            .unwrap()
            .success()
    );
    fs::remove_file(bare.join("index")).unwrap();
    trial.made.git_in(&bare, &["config", "core.bare", "true"]);
    let scan = |format: &str| trial.run(&["scan", bare_text, "--format", format, "--commits", "all"]);
    let partial = scan("json");
    assert_eq!(partial.code, Some(0), "{}", partial.words);
    let document = serde_json::from_str(&partial.out).unwrap();
    assert_eq!(tasks(&document), ["three/a.rs: three"]);
    insta::assert_snapshot!(problems(&document).join("\n"), @r"
history | - | 1 commit with unknown paths (a parent or a tree is not here), for example de9320d3d709eaab4713f93deb14153ca3e038b7
missing_object | one/a.rs | object 9e8db6ee886dee75bcc31555f19e2f0e44f4c15e is missing; the file is not read
missing_object | two | tree ca091870a7957730277ac66065a2fcda828427a9 is missing; what lies below is not scanned
");
    for (content, path) in &away {
        let place = bare.join(path.strip_prefix(trial.git_file("")).unwrap());
        fs::write(place, content).unwrap();
    }
    let whole = scan("json");
    let document = serde_json::from_str(&whole.out).unwrap();
    assert_eq!(tasks(&document), ["one/a.rs: one", "three/a.rs: three", "two/a.rs: two"]);
    assert_eq!(problems(&document), [""; 0]);
    let listed = trial.run(&["tasks", "--format", "json"]);
    assert!(
        ["one", "two", "three"].iter().all(|name| listed.out.contains(&format!("\"{name}\""))),
        "{listed:?}"
    );
}

#[test]
fn a_missing_commit_cuts_history() {
    let trial = Trial::with_a_commit();
    trial.made.record("Two");
    trial.made.record("Three");
    fs::remove_file(loose(&trial, "HEAD~2")).unwrap();
    let document = trial.document_with(&["--commits", "all"]);
    assert_eq!(document["commits"].as_array().unwrap().len(), 2);
    assert!(
        problems(&document)
            .iter()
            .any(|problem| problem.starts_with("missing_object | - | 1 commit missing"))
    );
}

#[test]
fn damaged_packs_are_told() {
    let damage: [fn(&Trial, &str); 3] = [
        |trial, name| change(trial, name, ".pack", |content| content[30..].fill(0xff)),
        |trial, name| change(trial, name, ".pack", |content| content.truncate(40)),
        |trial, name| change(trial, name, ".idx", |content| content.truncate(50)),
    ];
    for harm in damage {
        let trial = Trial::with_a_commit();
        trial.made.git(&["repack", "-adq"]);
        trial.made.git(&["prune-packed"]);
        let packs = fs::read_dir(trial.git_file("objects/pack")).unwrap().flatten();
        let names = packs.map(|entry| entry.file_name().into_string().unwrap());
        let pack = names.filter_map(|name| name.strip_suffix(".pack").map(str::to_owned)).next().unwrap();
        harm(&trial, &pack);
        assert_eq!(tasks(&trial.document()), ["a.rs: seen"], "the folder itself is whole");
        let said = trial.refusal(&[".", "--rev", "HEAD"]);
        assert!(said.starts_with("muster: failed to scan: cannot read the commit HEAD in .:"), "{said}");
    }
}

fn change(trial: &Trial, pack: &str, ending: &str, how: fn(&mut Vec<u8>)) {
    let path = trial.git_file(&format!("objects/pack/{pack}{ending}"));
    let mut content = fs::read(&path).unwrap();
    how(&mut content);
    fs::remove_file(&path).unwrap();
    fs::write(&path, content).unwrap();
}

#[test]
fn a_damaged_index_is_told_with_the_remedy() {
    let trial = Trial::with_a_commit();
    let index = trial.git_file("index");
    for content in [&b""[..], b"DIRC", b"DIRC\0\0\0\x02\xff\xff\xff\xff", &[0xff; 3_000]] {
        fs::write(&index, content).unwrap();
        let said = trial.refusal(&["."]);
        assert!(said.contains("cannot read the index") && said.contains("git reset"), "{said}");
    }
    OpenOptions::new().write(true).open(&index).unwrap().set_len(10).unwrap();
    trial.refusal(&["."]);
    fs::remove_file(&index).unwrap();
    fs::create_dir(&index).unwrap();
    trial.refusal(&["."]);
}

#[test]
fn a_damaged_configuration_is_told() {
    let trial = Trial::with_a_commit();
    for content in [
        "[core",
        "\u{1}\u{2}",
        "[core]\n\trepositoryformatversion = 99\n",
        "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha999\n",
    ] {
        fs::write(trial.git_file("config"), content).unwrap();
        let said = trial.refusal(&["."]);
        assert!(said.contains("Repository configuration could not be loaded"), "{said}");
    }
}

#[test]
fn a_sha256_repository_is_read_like_any_other() {
    let trial = Trial::new();
    fs::remove_dir_all(trial.made.root.join(".git")).unwrap();
    trial.made.git(&["init", "--quiet", "--object-format=sha256"]);
    trial.made.write("a.rs", "// TODO: seen\n");
    trial.made.commit("One");
    for arguments in [&["--commits", "all"][..], &["--commits", "all", "--rev", "HEAD"]] {
        let document = trial.document_with(arguments);
        assert_eq!(document["repository"]["object_format"], "sha256");
        assert_eq!(document["commits"][0]["sha"].as_str().unwrap().len(), 64);
        assert_eq!((tasks(&document), problems(&document)), (vec!["a.rs: seen".to_owned()], vec![]));
    }
}

#[test]
fn a_shallow_clone_says_where_it_begins() {
    let trial = Trial::with_a_commit();
    trial.made.record("Two");
    trial.made.record("Three");
    let head = trial.made.git(&["rev-parse", "HEAD~1"]);
    fs::write(trial.git_file("shallow"), &head).unwrap();
    let document = trial.document_with(&["--commits", "all"]);
    assert_eq!(document["repository"]["shallow"], true);
    assert_eq!(document["commits"].as_array().unwrap().len(), 2);
    assert!(
        problems(&document).iter().any(|problem| problem.contains("shallow")),
        "{:?}",
        problems(&document)
    );
    fs::write(trial.git_file("shallow"), "garbage\n\u{1}").unwrap();
    assert_eq!(tasks(&trial.document_with(&["--commits", "all"])), ["a.rs: seen"]);
}
