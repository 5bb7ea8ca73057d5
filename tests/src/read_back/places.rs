//! Where rows are kept, and whose they are.

use super::session::Session;

#[test]
fn flags_win_over_the_environment_and_that_over_the_data_directory() {
    let session = Session::new();
    let [flag, variable, data] = ["flag.db", "variable.db", "data"].map(|name| session.made.beside(name));
    let address = format!("sqlite://{}", variable.display());
    let scan = |arguments: &[&str]| {
        let mut command = session.bare(&[&["scan", session.root()], arguments].concat());
        command.env("XDG_DATA_HOME", &data);
        command
    };
    let own = data.join("muster/muster.db");
    let commands = [
        scan(&["--database", flag.to_str().unwrap()]).env("DATABASE_URL", &address).output(),
        scan(&[]).env("DATABASE_URL", &address).output(),
        scan(&[]).output(),
    ];
    let mut left = [&flag, &variable, &own].map(|path| path.exists());
    assert_eq!(left, [true; 3]);
    for output in commands {
        assert!(output.unwrap().status.success());
    }
    for (path, name) in [(&flag, "flag"), (&variable, "variable"), (&own, "own")] {
        let mut command = session.bare(&["repos"]);
        match name {
            "flag" => command.arg("--database").arg(path).env("DATABASE_URL", "sqlite:///nowhere.db"),
            "variable" => command.env("DATABASE_URL", &address),
            _ => command.env("XDG_DATA_HOME", &data),
        };
        let said = session.said(command.output().unwrap());
        assert!(said.success && said.out.contains("work"), "{name}: {said:?}");
        std::fs::remove_file(path).unwrap();
    }
    left = [&flag, &variable, &own].map(|path| path.exists());
    assert_eq!(left, [false; 3]);
}

#[test]
fn without_a_database_it_is_said_how_to_make_one() {
    let session = Session::new();
    insta::assert_snapshot!(session.failure(&["tasks"]), @"muster: failed to list tasks: open the database /tmp/home/own.db: it is not there yet; muster scan PATH makes it");
    assert!(!session.database().exists(), "nothing is made to be read");
    session.results(&["scan", session.root(), "--no-save"]);
    assert!(!session.database().exists());
}

#[test]
fn an_empty_database_gives_empty_lists_and_says_what_to_do() {
    let session = Session::new();
    std::fs::write(session.database(), "").unwrap();
    for list in ["projects", "tasks", "commits", "repos"] {
        for (format, empty) in [("table", ""), ("json", "[]\n"), ("ndjson", "")] {
            let said = session.run(&[list, "--format", format]);
            assert_eq!((said.success, said.out.as_str()), (true, empty));
            assert_eq!(
                said.words,
                "muster: nothing has been saved yet: muster scan PATH saves a repository\n"
            );
        }
    }
    insta::assert_snapshot!(session.failure(&["tasks", "--repo", "work"]), @"muster: failed to list tasks: find the repository work: nothing has been saved yet; muster scan PATH saves a repository");
}

#[test]
fn a_tenant_that_is_not_there_is_said() {
    let session = Session::new();
    session.scan();
    insta::assert_snapshot!(session.failure(&["repos", "--tenant", "acme"]), @"muster: failed to list repositories: find the tenant acme: there is none of that name in this database");
    insta::assert_snapshot!(session.failure(&["scan", session.root(), "--tenant", "acme"]), @"muster: failed to find the tenant acme: there is none of that name in this database");
}

#[test]
fn what_is_no_database_is_refused_and_left_alone() {
    let session = Session::new();
    std::fs::write(session.database(), "not a database, but a text of some length\n").unwrap();
    insta::assert_snapshot!(session.failure(&["repos"]), @"muster: failed to list repositories: open the database: the file belongs to another program; give another path");
    assert!(std::fs::read(session.database()).unwrap().starts_with(b"not a database"));
}

#[test]
fn a_command_that_has_ended_leaves_the_file_alone() {
    let session = Session::new();
    for arguments in [&["scan", session.root()][..], &["tasks"], &["tenant", "create", "acme"], &["doctor"]] {
        assert!(session.run(arguments).success, "{arguments:?}");
        let beside = ["-wal", "-shm"].map(|end| format!("{}{end}", session.database().display()));
        assert!(beside.iter().all(|name| !std::path::Path::new(name).exists()), "{arguments:?}");
    }
}
