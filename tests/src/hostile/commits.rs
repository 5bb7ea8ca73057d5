//! Commits that no Git would write, read without complaint.

use std::fmt::Write;

use super::trial::{Trial, problems};

#[test]
fn absurd_people_times_and_texts_are_shown() {
    let trial = Trial::new();
    let tree = trial.object("tree", b"");
    let mut parent = String::new();
    let mut add = |people: &[u8], message: &[u8]| {
        let content = [format!("tree {tree}\n{parent}").as_bytes(), people, b"\n", message].concat();
        let id = trial.object("commit", &content);
        parent = format!("parent {id}\n");
        id
    };
    add(b"author  <> 0 +0000\ncommitter  <> 0 +0000\n", b"nobody");
    add(b"author A <a> 99999999999999999999 +9999\ncommitter A <a> -99999999999 -9999\n", b"never");
    add(b"committer A <a> 1 +0000\n", b"no author");
    add(b"", b"nothing at all");
    add(b"author \xff <\xfe> 3 +0000\ncommitter A <a> 3 +0000\n", b"bytes \xff\xfe");
    add(b"author \xe9 <a> 4 +0000\ncommitter A <a> 4 +0000\nencoding ISO-8859-1\n", b"latin \xfc");
    add(b"author A <a> 4 +0000\ncommitter A <a> 4 +0000\nencoding no-such\n", b"unknown \xfc");
    add(b"author A <a> 5 +0000\ncommitter A <a> 5 +0000\n", b"nul \0 in it");
    add(b"author A <a> 6 +0000\ncommitter A <a> 6 +0000\n", b"");
    let head = add(b"author A <a> 7 +0000\ncommitter A <a> 7 +0000\n", &b"long ".repeat(2 << 20));
    trial.made.git(&["update-ref", "refs/heads/trunk", &head]);
    let document = trial.document_with(&["--commits", "all"]);
    let mut shown = String::new();
    for commit in document["commits"].as_array().unwrap() {
        let message = commit["message"].as_str().unwrap();
        let (name, time) = (&commit["author"]["name"], &commit["author"]["time"]);
        writeln!(
            shown,
            "{:?} ({} bytes) by {name} at {time}",
            message.get(..16).unwrap_or(message),
            message.len()
        )
        .unwrap();
    }
    insta::assert_snapshot!(shown, @r#"
"long long long l" (10485760 bytes) by "A" at "1970-01-01T00:00:07Z"
"" (0 bytes) by "A" at "1970-01-01T00:00:06Z"
"nul \0 in it" (11 bytes) by "A" at "1970-01-01T00:00:05Z"
"unknown �" (11 bytes) by "A" at "1970-01-01T00:00:04Z"
"latin ü" (8 bytes) by "é" at "1970-01-01T00:00:04Z"
"bytes ��" (12 bytes) by "�" at "1970-01-01T00:00:03Z"
"nothing at all" (14 bytes) by "" at "1970-01-01T00:00:00Z"
"no author" (9 bytes) by "" at "1970-01-01T00:00:00Z"
"never" (5 bytes) by "A" at "9999-12-31T23:59:59Z"
"nobody" (6 bytes) by "" at "1970-01-01T00:00:00Z"
"#);
    insta::assert_snapshot!(problems(&document).iter().map(|one| one.split(", for example").next().unwrap()).collect::<Vec<_>>().join("\n"), @"absurd_time | - | 1 commit with a time or an offset that no calendar has");
    // All of it can be saved and read back.
    let saved = trial.run(&["scan", "."]);
    assert_eq!(saved.code, Some(0), "{}", saved.words);
    assert_eq!(trial.run(&["commits", "--format", "json"]).code, Some(0));
}

#[test]
fn parents_may_be_a_thousand_missing_or_something_else() {
    let trial = Trial::new();
    let tree = trial.object("tree", b"");
    let blob = trial.object("blob", b"x");
    let signed = "author A <a> 1 +0000\ncommitter A <a> 1 +0000\n\n";
    let mut parents: Vec<String> =
        (0..1_000).map(|place| trial.commit_of_parent(&tree, &format!("{signed}{place}"))).collect();
    parents.extend([blob, tree.clone(), "1".repeat(40)]);
    let lines: String = parents.iter().map(|parent| format!("parent {parent}\n")).collect();
    let head = trial.object("commit", format!("tree {tree}\n{lines}{signed}octopus").as_bytes());
    std::fs::write(trial.git_file("refs/heads/trunk"), &head).unwrap();
    let document = trial.document_with(&["--commits", "all"]);
    assert_eq!(document["commits"].as_array().unwrap().len(), 1_001);
    let told = problems(&document);
    assert!(told.iter().any(|problem| problem.contains("missing")), "{told:?}");
    assert_eq!(trial.run(&["scan", "."]).code, Some(0));
}

impl Trial {
    fn commit_of_parent(&self, tree: &str, rest: &str) -> String {
        // A loose object is quicker made by Git in bulk, but a thousand small ones are still a matter of seconds.
        self.object("commit", format!("tree {tree}\n{rest}").as_bytes())
    }
}

#[test]
fn a_commit_of_a_hundred_thousand_paths_is_whole() {
    let trial = Trial::new();
    let mut stream =
        "blob\nmark :1\ndata 1\nx\ncommit refs/heads/trunk\ncommitter A <a> 1 +0000\ndata 1\nx\n".to_owned();
    for place in 0..100_000 {
        writeln!(stream, "M 100644 :1 d{}/f{place}", place % 300).unwrap();
    }
    trial.made.git_bytes(&trial.made.root, &["fast-import", "--quiet"], stream.as_bytes());
    let document = trial.document_with(&["--rev", "HEAD", "--commits", "all"]);
    assert_eq!(document["commits"][0]["path_count"], 100_000);
    assert_eq!(problems(&document), [""; 0]);
}
