//! `muster tenant export | import` and `muster transfer`, as their user meets them.

use std::io::Write as _;
use std::process::Stdio;

use super::session::Session;

fn export(session: &Session) -> String {
    let file = session.made.beside("acme.ndjson");
    let file = file.to_str().unwrap().to_owned();
    let said = session.run(&["tenant", "export", "default", "--output", &file]);
    assert!(said.success && said.out.is_empty(), "{said:?}");
    assert!(
        said.words.starts_with("muster: exported default: ") && said.words.contains(" rows, "),
        "{}",
        said.words
    );
    file
}

#[test]
fn a_tenant_goes_through_a_file_to_another_database() {
    let session = Session::new();
    session.scan();
    let tasks = session.results(&["tasks"]);
    let file = export(&session);
    std::fs::remove_file(session.database()).unwrap();
    let said = session.run(&["tenant", "import", &file]);
    assert!(said.success, "{said:?}");
    insta::assert_snapshot!(said.out, @"
    TABLE              ROWS
    tenants               1
    repositories          1
    refs                  1
    scans                 1
    people                1
    paths                 6
    projects              3
    project_manifests     4
    tasks                 4
    commits               2
    commit_paths          6
    commit_projects       4
    commit_references     2
    links                 1
    extracts              5
    changes               2
    audit_log             1
    ");
    insta::assert_snapshot!(said.words, @"muster: imported default: 45 rows");
    assert_eq!(session.results(&["tasks"]), tasks);
    insta::assert_snapshot!(session.failure(&["tenant", "import", &file]), @"muster: failed to import a tenant: bring in tenant default: a tenant of that name or id is in the database; delete that one first, or give another name with --as");

    // From a pipe, as another tenant.
    let mut child =
        session.command(&["tenant", "import", "-", "--as", "copy"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&std::fs::read(&file).unwrap()).unwrap();
    let said = session.said(child.wait_with_output().unwrap());
    assert!(said.success, "{said:?}");
    insta::assert_snapshot!(said.words, @"
    muster: imported copy: 44 rows
    muster: left behind: 1 row of audit_log, for its chain of hashes belongs to the tenant that it is about
    ");
    let copied = session.results(&["tasks", "--tenant", "copy"]);
    assert_eq!(copied, tasks);
}

#[test]
fn a_file_that_was_cut_off_makes_no_database() {
    let session = Session::new();
    session.scan();
    let file = export(&session);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, &text[..text.len() - 100]).unwrap();
    std::fs::remove_file(session.database()).unwrap();
    insta::assert_snapshot!(session.failure(&["tenant", "import", &file]), @"muster: failed to import a tenant: read the export: it is cut off behind line 46; export again, or copy the whole file");
    assert!(!session.database().exists());
    insta::assert_snapshot!(session.failure(&["tenant", "export", "default"]), @"muster: failed to export the tenant default: open the database /tmp/home/own.db: it is not there yet; muster scan PATH makes it");
}

#[test]
fn killed_exports_leave_the_file_that_was_there() {
    let session = Session::new();
    session.scan();
    let file = export(&session);
    for _ in 0..10 {
        let mut child = session.command(&["tenant", "export", "default", "--output", &file]).spawn().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.ends_with("}}\n") && text.lines().last().unwrap().starts_with("{\"end\":"));
    }
    export(&session);
    assert!(!std::path::Path::new(&format!("{file}.partial")).exists());
}

#[test]
fn everything_is_transferred_to_another_file() {
    let session = Session::new();
    session.scan();
    let (from, to) = (session.database(), session.made.beside("other.db"));
    let [from, to] = [&from, &to].map(|path| path.to_str().unwrap());
    let run = |arguments: &[&str]| session.said(session.bare(arguments).output().unwrap());
    let planned = run(&["transfer", "--from", from, "--to", to, "--dry-run"]);
    assert!(planned.success, "{planned:?}");
    let moved = run(&["transfer", "--from", from, "--to", to]);
    assert!(moved.success, "{moved:?}");
    assert_eq!(moved.out, planned.out, "rows and checksums");
    insta::assert_snapshot!(planned.words, @"muster: would make the tables and move 44 rows of 1 tenant; nothing was changed");
    insta::assert_snapshot!(moved.words, @"muster: moved 44 rows; source and target agree in every table");
    let refused = run(&["transfer", "--from", from, "--to", to]);
    insta::assert_snapshot!(refused.words, @"muster: failed to transfer to a database that holds rows already: give an empty one, or one without tables");
    assert!(!refused.success);
}
