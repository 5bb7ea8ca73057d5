//! Several processes scan one repository into one database at once: what is left is what one of them leaves.

use std::process::Command;

use super::session::Session;
use crate::scratch::ScratchDatabase;

const PROCESSES: usize = 5;
const LISTS: [&[&str]; 4] =
    [&["projects", "--all", "--closed"], &["tasks", "--closed"], &["commits", "--limit", "all"], &["repos"]];

/// A session with more history than one batch would hold.
fn session() -> Session {
    let session = Session::new();
    for n in 0..30 {
        session.made.write("packages/ui/src/window.js", format!("export {{}} // {n}\n"));
        session.made.commit(&format!("Move the window, {n}\n\nSee #{n}."));
    }
    session
}

fn scan_at_once(session: &Session, arguments: &[&str], with_database: impl Fn(&mut Command)) {
    let scans: Vec<_> = (0..PROCESSES)
        .map(|_| {
            let mut command = session.bare(arguments);
            with_database(&mut command);
            command.spawn().unwrap()
        })
        .collect();
    for scan in scans {
        let said = session.said(scan.wait_with_output().unwrap());
        assert!(said.success && said.words.is_empty(), "{said:?}");
    }
}

fn lists(session: &Session, with_database: impl Fn(&mut Command)) -> Vec<String> {
    let list = |list: &&[&str]| {
        let mut command = session.bare(&[list, &["--format", "json"][..]].concat());
        with_database(&mut command);
        let said = session.said(command.output().unwrap());
        assert!(said.success && said.words.is_empty(), "{said:?}");
        said.out
    };
    LISTS.iter().map(list).collect()
}

fn at_once_is_as_alone(with_database: impl Fn(&mut Command)) {
    let session = session();
    let alone = |command: &mut Command| _ = command.env("DATABASE_URL", session.database());
    // First a new database, then one that is behind.
    for _ in 0..2 {
        let arguments = ["scan", session.root()];
        scan_at_once(&session, &arguments, &with_database);
        let scanned = session.said(session.command(&arguments).output().unwrap());
        assert!(scanned.success, "{scanned:?}");
        assert_eq!(lists(&session, &with_database), lists(&session, alone));
        session.made.write("TASKLIST.md", "# Shop\n\n## Soon\n\n- [x] T2: Sell\n- [ ] T3: Close\n");
        session.made.git(&["rm", "--quiet", "--ignore-unmatch", "packages/ui/fixtures/empty/package.json"]);
        session.made.commit("Sell");
    }
}

#[test]
fn processes_at_once_leave_what_one_leaves_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/shared.db");
    at_once_is_as_alone(|command| _ = command.env("DATABASE_URL", &path));
}

#[tokio::test]
async fn processes_at_once_leave_what_one_leaves_on_postgresql() {
    let database = ScratchDatabase::new().await;
    let address = database.address("muster_test_service");
    at_once_is_as_alone(|command| _ = command.env("DATABASE_URL", address.as_str()));
    database.remove().await;
}
