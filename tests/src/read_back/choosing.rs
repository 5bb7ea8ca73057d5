//! Which repository `--repo` means: its name, its address or its folder.

use super::session::Session;

#[test]
fn a_repository_is_chosen_by_name_address_or_folder() {
    let session = Session::new();
    session.made.git(&["remote", "add", "origin", "https://Example.org/acme/shop.git"]);
    session.scan();
    let whole = session.items(&["projects"]);
    let key = format!("{}/.git", session.root());
    let folder = format!("{}/packages/ui", session.root());
    let address = "https://example.org/acme/shop";
    let with_user = "https://me:secret@example.org/acme/shop.git";
    for repo in ["work", session.root(), &folder, &key, address, with_user] {
        assert_eq!(session.items(&["projects", "--repo", repo]), whole, "{repo}");
    }
    session.made.git(&["remote", "set-url", "origin", "git@example.org:acme/shop.git"]);
    session.scan();
    assert_eq!(session.items(&["projects", "--repo", "git@example.org:acme/shop.git"]), whole);
}

#[test]
fn a_name_wins_over_a_folder_of_that_name() {
    let session = Session::new();
    session.scan();
    session.made.write("work/a.js", "");
    let mut command = session.command(&["projects", "--repo", "work", "--format", "json"]);
    let said = session.said(command.current_dir(session.made.root.parent().unwrap()).output().unwrap());
    assert!(said.success, "{said:?}");
}

#[test]
fn what_is_not_there_is_said_with_what_to_do() {
    let session = Session::new();
    session.scan();
    let failure = |arguments: &[&str]| session.failure(arguments);
    insta::assert_snapshot!(failure(&["projects", "--repo", "till"]), @"muster: failed to list projects: find the repository till: there is none of that name; muster repos lists those that are saved");
    insta::assert_snapshot!(failure(&["tasks", "--repo", "/nowhere/at/all"]), @"muster: failed to list tasks: find the repository /nowhere/at/all: there is nothing at /nowhere/at/all; give the path of a folder or an https address");
    insta::assert_snapshot!(failure(&["commits", "--repo", session.made.beside("home").to_str().unwrap()]), @"muster: failed to list commits: find the repository /tmp/home: the folder has not been saved yet; muster scan /tmp/home saves it");
    insta::assert_snapshot!(failure(&["tasks", "--repo", "https://me:secret@example.org/a/b"]), @"muster: failed to list tasks: find the repository https://example.org/a/b: it has not been saved yet; muster scan https://example.org/a/b saves it");
    insta::assert_snapshot!(failure(&["tasks", "--repo", "git@example.org:a/b"]), @"muster: failed to list tasks: find the repository example.org:a/b: addresses of the form `user@host:path` are not fetched, only https ones are; try https://example.org/a/b");
    insta::assert_snapshot!(failure(&["tasks", "--repo", "work", "--project", "packages/till"]), @"muster: failed to list tasks: find the project packages/till: work has none there; muster projects --all --closed --repo work lists them");
    let said = session.run(&["projects", "--type", "rust"]);
    assert_eq!((said.success, said.out.as_str()), (true, ""));
    insta::assert_snapshot!(said.words, @"muster: there are no such projects");
}

#[test]
fn a_name_of_several_has_to_be_said_more_exactly() {
    let session = Session::new();
    session.scan();
    let copy = session.made.beside("copy/work");
    std::fs::create_dir(copy.parent().unwrap()).unwrap();
    session.made.git(&["clone", "--quiet", ".", copy.to_str().unwrap()]);
    session.results(&["scan", copy.to_str().unwrap()]);
    insta::assert_snapshot!(session.failure(&["projects", "--repo", "work"]), @"muster: failed to list projects: find the repository work: there are 2 of that name; give one of /tmp/copy/work/.git, /tmp/work/.git");
    let key = copy.join(".git");
    for repo in [copy.to_str().unwrap(), key.to_str().unwrap()] {
        assert_eq!(session.items(&["projects", "--repo", repo]).len(), 2);
    }
}
