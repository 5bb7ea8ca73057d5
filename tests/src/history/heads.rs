//! Where history begins and ends: HEAD in every state, and copies that lack a part.

use std::fs;

use muster_model::ProblemKind;
use serde_json::Value;

use super::{commits, log, program, read, twelve};
use crate::made::{Made, of_path};

fn kinds(document: &Value) -> Vec<&str> {
    let problems = document["problems"].as_array().unwrap();
    problems.iter().map(|problem| problem["kind"].as_str().unwrap()).collect()
}

#[test]
fn a_shallow_clone() {
    let made = twelve();
    let shallow = made.beside("shallow");
    let from = format!("file://{}", made.root.display());
    made.git(&["clone", "--quiet", "--depth=3", &from, shallow.to_str().unwrap()]);
    let document = program(&shallow, &["--commits", "all"]);
    assert_eq!((commits(&document).len(), &document["repository"]["shallow"]), (3, &true.into()));
    assert_eq!(document["repository"]["commit_count"], 3);
    assert_eq!(kinds(&document), ["history", "history"], "cut off, and one commit's paths are not known");
    // Git shows the oldest commit as if it had added everything; nobody knows what it changed.
    let found: Vec<usize> = commits(&document).iter().map(|line| line.paths.len()).collect();
    let told: Vec<usize> = log(&made, &shallow).iter().map(|(_, paths)| paths.len()).collect();
    assert_eq!((&found[..2], found[2]), (&told[..2], 0));
    assert_eq!(program(&shallow, &[])["repository"]["shallow"], true);
}

#[test]
fn a_partial_clone() {
    let made = twelve();
    made.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = made.beside("partial.git");
    let from = format!("file://{}", made.root.display());
    made.git(&["clone", "--quiet", "--bare", "--filter=tree:0", &from, partial.to_str().unwrap()]);
    let document = program(&partial, &["--commits", "all"]);
    assert_eq!(commits(&document).len(), 12, "commits are here, trees are not");
    assert!(kinds(&document).contains(&"missing_object"), "{}", document["problems"]);
    let blobless = made.beside("blobless.git");
    made.git(&["clone", "--quiet", "--bare", "--filter=blob:none", &from, blobless.to_str().unwrap()]);
    let document = program(&blobless, &["--commits", "all"]);
    let paths = |document: &Value| commits(document).into_iter().map(|line| line.paths).collect::<Vec<_>>();
    assert_eq!(paths(&document), paths(&program(&made.root, &["--commits", "all"])), "they need no blobs");
    assert!(kinds(&document).iter().all(|kind| *kind == "missing_object"), "{}", document["problems"]);
}

#[test]
fn head_without_a_branch() {
    let made = twelve();
    made.git(&["checkout", "--quiet", "--detach", "HEAD~4"]);
    let document = program(&made.root, &["--commits", "all"]);
    assert_eq!((commits(&document).len(), &document["repository"]["branch"]), (8, &Value::Null));
    assert_eq!(document["problems"], Value::Array(vec![]));
}

#[test]
fn a_revision_that_is_not_head() {
    let made = twelve();
    made.git(&["tag", "-a", "v1", "-m", "v1", "HEAD~2"]);
    let document = program(&made.root, &["--commits", "all", "--rev", "v1"]);
    assert_eq!((commits(&document).len(), &document["repository"]["commit_count"]), (10, &10.into()));
    assert_eq!(
        (&document["repository"]["revision"], &document["repository"]["branch"]),
        (&"v1".into(), &Value::Null)
    );
    let (commits, _) = read(&made.root, Some("v1~1"));
    assert_eq!(commits.len(), 9);
}

#[test]
fn no_commit_yet() {
    let made = Made::new();
    made.write("TASKLIST.md", "- [ ] one\n");
    let document = program(&made.root, &["--commits", "all"]);
    assert_eq!((kinds(&document), &document["repository"]["head"]), (vec!["head"], &Value::Null));
    assert_eq!(
        (document["tasks"].as_array().unwrap().len(), &document["repository"]["branch"]),
        (1, &"trunk".into())
    );
    assert_eq!(document["commits"], Value::Array(vec![]));
}

#[test]
fn head_that_is_missing_or_broken() {
    let made = twelve();
    let head = made.root.join(".git/HEAD");
    for content in
        ["ref: refs/heads/nowhere\n", "ref: refs/heads/../../x\n", &format!("{}\n", "8".repeat(40))]
    {
        fs::write(&head, content).unwrap();
        let document = of_path(&made.root, None, false, false);
        assert_eq!(document.repository.head, None, "{content}");
        assert!(document.problems.iter().any(|problem| problem.kind == ProblemKind::Head), "{content}");
        assert_eq!(document.projects.len(), 4, "the folder is there: {content}");
    }
}

#[test]
fn a_commit_that_is_missing_in_the_middle() {
    let made = twelve();
    let lost = made.git(&["rev-parse", "HEAD~5"]).trim().to_owned();
    fs::remove_file(made.root.join(format!(".git/objects/{}/{}", &lost[..2], &lost[2..]))).unwrap();
    let document = program(&made.root, &["--commits", "all"]);
    assert_eq!(commits(&document).len(), 5);
    assert!(kinds(&document).contains(&"missing_object"), "{}", document["problems"]);
}
