//! What stands in a folder besides files: links that lead anywhere, pipes, sockets, what may not be read, gigabytes.

use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

use super::trial::{Trial, finish, make_pipe, problems, tasks};

#[test]
fn no_link_is_followed() {
    let trial = Trial::with_a_commit();
    trial.made.write("tracked/b.rs", "// TODO: gone\n");
    trial.made.write("tracked/package.json", "{\"name\": \"gone\"}");
    trial.made.commit("Two");
    fs::remove_dir_all(trial.made.root.join("tracked")).unwrap();
    let outside = trial.outside.to_str().unwrap().to_owned();
    let inside = |name: &str| format!("{outside}/{name}");
    for (name, target) in [
        ("tracked", outside.clone()),
        (".coditect", inside(".coditect")),
        ("package.json", inside("package.json")),
        ("TASKLIST.md", inside("TASKLIST.md")),
        (".muster.toml", inside("rules")),
        (".gitignore", inside("rules")),
        (".gitattributes", inside("rules")),
        (".gitmodules", inside("rules")),
        ("linked.rs", inside("a.rs")),
        ("up", "..".to_owned()),
        ("top", "/".to_owned()),
        ("self", ".".to_owned()),
        ("loop", "pool".to_owned()),
        ("pool", "loop".to_owned()),
        ("dangling", "nowhere".to_owned()),
    ] {
        symlink(target, trial.made.root.join(name)).unwrap();
    }
    let document = trial.document();
    assert_eq!(tasks(&document), ["a.rs: seen"]);
    assert_eq!(document["projects"].as_array().unwrap().len(), 1);
    // Without Git it is the same.
    fs::remove_dir_all(trial.made.root.join(".git")).unwrap();
    assert_eq!(tasks(&trial.document()), ["a.rs: seen"]);
}

#[test]
fn committed_links_are_not_followed_either() {
    let trial = Trial::with_a_commit();
    for (name, target) in
        [("package.json", "package.json"), (".coditect", ".coditect"), ("TASKLIST.md", "TASKLIST.md")]
    {
        symlink(trial.outside.join(target), trial.made.root.join(name)).unwrap();
    }
    trial.made.commit("Two");
    for arguments in [&[][..], &["--rev", "HEAD"]] {
        let document = trial.document_with(arguments);
        assert_eq!(tasks(&document), ["a.rs: seen"]);
        assert_eq!(document["projects"][0]["project_type"], "generic");
    }
}

#[test]
fn pipes_sockets_and_devices_are_no_files() {
    let trial = Trial::with_a_commit();
    let at = |name: &str| trial.made.root.join(name);
    fs::remove_file(at("a.rs")).unwrap();
    for name in ["a.rs", "b.rs", "package.json", "TASKLIST.md", ".muster.toml", ".gitmodules"] {
        make_pipe(at(name));
    }
    let _socket = UnixListener::bind(at("socket.rs")).unwrap();
    trial.made.write("c.rs", "// TODO: still here\n");
    assert_eq!(tasks(&trial.document()), ["c.rs: still here"]);
    fs::remove_dir_all(trial.made.root.join(".git")).unwrap();
    assert_eq!(tasks(&trial.document()), ["c.rs: still here"]);
}

#[test]
fn rules_that_are_pipes_or_gigabytes_are_not_read() {
    let trial = Trial::with_a_commit();
    trial.made.write("sub/b.rs", "// TODO: beside\n");
    let rules = trial.made.root.join("sub/.gitignore");
    make_pipe(&rules);
    let document = trial.document();
    assert_eq!(tasks(&document), ["a.rs: seen"]);
    insta::assert_snapshot!(problems(&document).join("\n"), @"unreadable | sub/.gitignore | no plain file of a sane size; untracked files beside it are left out");
    fs::remove_file(&rules).unwrap();
    OpenOptions::new().write(true).create_new(true).open(&rules).unwrap().set_len(3 << 30).unwrap();
    assert_eq!(problems(&trial.document()).len(), 1);
    fs::remove_file(&rules).unwrap();

    trial.made.write(".gitattributes", "*.rs filter=lfs\n");
    trial.made.commit("Two");
    trial.made.remove(".gitattributes");
    make_pipe(trial.made.root.join(".gitattributes"));
    assert_eq!(tasks(&trial.document()), ["a.rs: seen", "sub/b.rs: beside"]);

    fs::remove_dir_all(trial.made.root.join(".git")).unwrap();
    make_pipe(&rules);
    assert_eq!(tasks(&trial.document()), ["a.rs: seen", "sub/b.rs: beside"]);
}

#[test]
fn a_file_of_gigabytes_is_counted_and_not_read() {
    let trial = Trial::with_a_commit();
    for name in ["big.rs", "package.json"] {
        let big = OpenOptions::new().write(true).create_new(true).open(trial.made.root.join(name)).unwrap();
        big.set_len(2 << 30).unwrap();
    }
    let document = trial.document();
    assert_eq!(document["stats"]["bytes"], (2_u64 << 31) + 14);
    assert_eq!(document["stats"]["skipped_files"], 1);
    assert_eq!(tasks(&document), ["a.rs: seen"]);
    let project = &document["projects"][0];
    assert_eq!(project["project_type"], "npm");
    insta::assert_snapshot!(project["problems"][0].as_str().unwrap(), @"package.json: not read: 2147483648 bytes, more than the limit of 1048576");
}

/// Permissions do not bind the superuser: there the program runs as somebody else.
#[test]
fn what_may_not_be_read_is_listed() {
    let trial = Trial::new();
    trial.made.write("a.rs", "// TODO: seen\n");
    trial.made.write("b.rs", "// TODO: hidden\n");
    trial.made.write("closed/c.rs", "// TODO: hidden\n");
    let mode = |name: &str, mode| {
        fs::set_permissions(trial.made.root.join(name), Permissions::from_mode(mode)).unwrap();
    };
    mode("b.rs", 0o000);
    mode("closed", 0o000);
    let superuser = fs::read(trial.made.root.join("b.rs")).is_ok();
    if superuser {
        let owned =
            Command::new("chown").args(["-R", "65534", trial.made.beside("").to_str().unwrap()]).status();
        assert!(owned.unwrap().success());
    }
    let arguments = ["scan", ".", "--no-save", "--format", "json"];
    let mut program = trial.program(&arguments);
    if superuser {
        // The program itself may lie where only the superuser may go.
        let copy = trial.made.beside("muster");
        fs::copy(program.get_program(), &copy).unwrap();
        program = Command::new("setpriv");
        program.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy).args(arguments);
        program
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", trial.made.beside("home"))
            .current_dir(&trial.made.root);
    }
    let ended = finish(program);
    mode("closed", 0o700);
    assert_eq!(ended.code, Some(0), "{}", ended.words);
    let document = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(tasks(&document), ["a.rs: seen"]);
    insta::assert_snapshot!(problems(&document).join("\n"), @r"
head | - | no commit yet: HEAD points at trunk, which does not exist
unreadable | b.rs | cannot be read: Permission denied (os error 13)
unreadable | closed | cannot be listed: Permission denied (os error 13)
");
}

#[test]
fn a_repository_of_somebody_else_is_read_and_said_to_be_theirs() {
    let trial = Trial::with_a_commit();
    let owned =
        Command::new("chown").args(["-R", "65534", trial.made.root.to_str().unwrap()]).status().unwrap();
    if !owned.success() {
        return; // Only the superuser can give files away.
    }
    let document = trial.document();
    assert_eq!(tasks(&document), ["a.rs: seen"]);
    insta::assert_snapshot!(problems(&document).join("\n"), @"ownership | - | the repository belongs to another user; it is read, and nothing that it asks for is run");
}
