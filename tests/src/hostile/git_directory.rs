//! A Git directory that somebody else wrote: HEADs, pipes, large files, links and lists that lead elsewhere.

use std::fs;
use std::os::unix::fs::symlink;

use super::trial::{Trial, make_pipe, problems, tasks};

#[test]
fn what_is_no_folder_is_refused() {
    let trial = Trial::new();
    let refused = |path: &str| trial.refusal(&[path]);
    insta::assert_snapshot!(refused("nowhere"), @"muster: failed to scan: there is nothing at nowhere; give the path of a folder or an https address");
    insta::assert_snapshot!(refused(trial.outside.join("a.rs").to_str().unwrap()), @"muster: failed to scan: /tmp/outside/a.rs is a file; give the folder that it lies in");
    insta::assert_snapshot!(trial.refusal(&[trial.outside.to_str().unwrap(), "--rev", "HEAD"]), @"muster: failed to scan: /tmp/outside is not in a Git repository, so it has no revisions; leave out --rev");
    let empty = trial.run(&["scan", ""]);
    assert_eq!(empty.code, Some(2), "{empty:?}");
    assert_eq!(trial.run(&["scan"]).code, Some(2));
}

#[test]
fn a_repository_without_a_commit_is_scanned() {
    let trial = Trial::new();
    trial.made.write("a.rs", "// TODO: seen\n");
    let document = trial.document_with(&["--commits", "all"]);
    assert_eq!(tasks(&document), ["a.rs: seen"]);
    insta::assert_snapshot!(problems(&document).join("\n"), @"head | - | no commit yet: HEAD points at trunk, which does not exist");
}

#[test]
fn whatever_head_says_the_folder_is_scanned() {
    let trial = Trial::with_a_commit();
    trial.made.git(&["checkout", "--quiet", "--detach"]);
    assert_eq!(problems(&trial.document_with(&["--commits", "all"])), [""; 0]);
    let mut told = Vec::new();
    let ones = "1".repeat(40);
    let noise = "\u{1}x".repeat(50_000);
    for head in ["", "garbage", "ref: refs/heads/../../x", "ref: refs/heads/gone", &ones, &noise] {
        fs::write(trial.git_file("HEAD"), head).unwrap();
        let document = trial.document_with(&["--commits", "all"]);
        assert_eq!(tasks(&document), ["a.rs: seen"]);
        assert!(document["repository"]["head"].is_null());
        told.extend(problems(&document));
    }
    assert!(told.iter().all(|problem| problem.len() < 600), "{told:?}");
    insta::assert_snapshot!(told[..5].join("\n"), @r#"
head | - | HEAD cannot be read: The reference at "HEAD" could not be decoded: Reference content could not be parsed, input=""
head | - | HEAD cannot be read: The reference at "HEAD" could not be decoded: Reference content could not be parsed, input="garbage"
head | - | HEAD cannot be read: The reference at "HEAD" could not be decoded: Could not decode reference, input="ref: refs/heads/../../x": Invalid symbolic reference target, target="refs/heads/../../x": Reference name cannot start with a dot: Validation
head | - | no commit yet: HEAD points at gone, which does not exist
head | - | the commit of HEAD cannot be read: An object with id 1111111111111111111111111111111111111111 could not be found
"#);
    fs::remove_file(trial.git_file("HEAD")).unwrap();
    insta::assert_snapshot!(trial.refusal(&["."]), @"muster: failed to scan: cannot open the repository at /tmp/work: /tmp/work/.git is damaged or leads nowhere; `git fsck` may tell more");
}

#[test]
fn a_pipe_in_place_of_a_file_is_not_waited_for() {
    for name in [
        "HEAD",
        "config",
        "index",
        "packed-refs",
        "shallow",
        "commondir",
        "info/exclude",
        "info/attributes",
        "refs/heads/trunk",
        "objects/info/alternates",
        "objects/11/1111",
    ] {
        let trial = Trial::with_a_commit();
        let path = trial.git_file(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        _ = fs::remove_file(&path);
        make_pipe(&path);
        let said = trial.refusal(&["."]);
        assert!(said.contains(&format!(".git/{name} is a pipe or a device, not a file")), "{said}");
    }
    let trial = Trial::with_a_commit();
    fs::remove_dir_all(trial.made.root.join(".git")).unwrap();
    make_pipe(trial.made.root.join(".git"));
    insta::assert_snapshot!(trial.refusal(&["."]), @"muster: failed to scan: cannot open the repository at /tmp/work: /tmp/work/.git is damaged or leads nowhere; `git fsck` may tell more");
}

#[test]
fn a_configuration_of_gigabytes_is_not_read() {
    let trial = Trial::with_a_commit();
    let config = fs::OpenOptions::new().write(true).open(trial.git_file("config")).unwrap();
    config.set_len(3 << 30).unwrap();
    insta::assert_snapshot!(trial.refusal(&["."]), @"muster: failed to scan: cannot open the repository at /tmp/work: .git/config is larger than 16 MiB; `git fsck` may tell more");
}

#[test]
fn a_git_file_that_leads_nowhere_is_told() {
    let long = format!("gitdir: {}", "x".repeat(5_000));
    for content in ["garbage", "gitdir: /nonexistent", "gitdir: .git", &long] {
        let trial = Trial::with_a_commit();
        fs::remove_dir_all(trial.made.root.join(".git")).unwrap();
        trial.made.write(".git", content);
        let said = trial.refusal(&["."]);
        assert!(said.contains(".git is damaged or leads nowhere"), "{said}");
    }
    let trial = Trial::with_a_commit();
    fs::remove_dir_all(trial.made.root.join(".git")).unwrap();
    symlink(".git", trial.made.root.join(".git")).unwrap();
    assert!(trial.refusal(&["."]).contains(".git is damaged or leads nowhere"));
}

#[test]
fn other_objects_that_are_not_there_are_done_without() {
    let own = |trial: &Trial| trial.git_file("objects").to_str().unwrap().to_owned();
    let trial = Trial::with_a_commit();
    for nonsense in ["/nonexistent/objects", "../../../../..", "\u{1}\u{2}\u{3}", &"x".repeat(100_000)] {
        fs::write(trial.git_file("objects/info/alternates"), nonsense).unwrap();
        let ended = trial.run(&["scan", ".", "--no-save", "--rev", "HEAD"]);
        assert!(matches!(ended.code, Some(0 | 1)), "{ended:?}");
    }
    fs::write(trial.git_file("objects/info/alternates"), own(&trial)).unwrap();
    insta::assert_snapshot!(trial.refusal(&["."]), @"muster: failed to scan: cannot open the repository at /tmp/work: Alternates form a cycle -> /tmp/work/.git/objects: Corruption; `git fsck` may tell more");
    fs::remove_file(trial.git_file("objects/info/alternates")).unwrap();
    for nonsense in ["/nonexistent", "../../outside", "\u{1}"] {
        fs::write(trial.git_file("commondir"), nonsense).unwrap();
        trial.refusal(&["."]);
    }
}
