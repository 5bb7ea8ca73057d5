//! The statements of the last release, out of Git.

use std::path::Path;
use std::process::Command;

use crate::texts::StatementText;

/// The last release before this commit, and its statements; none where there is no tag, as before the first release, in
/// a shallow clone, or in a folder that is not under Git.
pub(crate) fn last(root: &Path) -> Option<(String, Vec<StatementText>)> {
    if !root.join(".git").exists() {
        return None;
    }
    let tags = git(
        root,
        &["tag", "--list", "v[0-9]*", "--merged", "HEAD", "--no-contains", "HEAD", "--sort=-version:refname"],
    );
    let tag = tags.lines().next()?.to_owned();
    let names = git(root, &["ls-tree", "-r", "--name-only", &tag, "--", "store/sql"]);
    let statements = names.lines().map(|path| StatementText {
        name: path.trim_start_matches("store/sql/").to_owned(),
        text: git(root, &["show", &format!("{tag}:{path}")]),
    });
    Some((tag.clone(), statements.collect()))
}

fn git(root: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(["-c", "core.quotePath=false"]).args(arguments);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let output = command.output().expect("git is installed: it knows the statements of the last release");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {}: {words}", arguments.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_last_release_is_the_newest_tag_before_this_commit() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let run = |arguments: &[&str]| {
        let who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgSign=false"];
        git(root, &[&who, arguments].concat());
    };
    assert_eq!(last(root), None);
    run(&["init", "--quiet"]);
    std::fs::create_dir_all(root.join("store/sql/tasks")).unwrap();
    for (text, tags) in [("one", &["v0.9.0"][..]), ("two", &["v0.10.0", "nightly"]), ("three", &["v0.11.0"])]
    {
        std::fs::write(root.join("store/sql/tasks/list.sql"), text).unwrap();
        run(&["add", "."]);
        run(&["commit", "--quiet", "--message", text]);
        tags.iter().for_each(|tag| run(&["tag", tag]));
    }
    let expected = StatementText { name: "tasks/list.sql".into(), text: "two".into() };
    assert_eq!(last(root), Some(("v0.10.0".into(), vec![expected])));
}
