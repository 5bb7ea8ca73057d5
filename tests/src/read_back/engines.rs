//! One session on each engine: the command line shows the same, letter for letter.

use super::session::Session;
use crate::scratch::ScratchDatabase;

/// What a person might ask for after two scans.
const QUESTIONS: [&[&str]; 9] = [
    &["repos", "--format", "json"],
    &["projects", "--all", "--closed", "--format", "json"],
    &["projects", "--type", "npm"],
    &["tasks", "--closed", "--format", "ndjson"],
    &["tasks", "--state", "open", "--limit", "1"],
    &["tasks", "--repo", "work", "--project", "."],
    &["commits", "--format", "json"],
    &["commits", "--repo", "work", "--project", "packages/ui"],
    &["repos"],
];

fn without_elapsed(text: &str) -> String {
    let kept = text.split_inclusive('\n').map(|line| match line.split_once("\"elapsed_ms\":") {
        Some((before, rest)) => {
            format!("{before}{}", rest.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit()))
        }
        None => line.to_owned(),
    });
    kept.collect()
}

#[tokio::test]
async fn both_engines_show_the_same() {
    let session = Session::new();
    let database = ScratchDatabase::new().await;
    let address = database.service_address();
    let ask = |arguments: &[&str]| {
        let mut on_postgres = session.bare(arguments);
        on_postgres.env("DATABASE_URL", address.as_str());
        let [sqlite, postgres] = [session.command(arguments), on_postgres].map(|mut command| {
            let said = session.said(command.output().unwrap());
            assert!(said.success, "{said:?}");
            (without_elapsed(&said.out), said.words)
        });
        assert_eq!(sqlite, postgres, "{arguments:?}");
        assert!(!sqlite.0.is_empty(), "{arguments:?}");
    };
    let scan = ["scan", session.root(), "--format", "json", "--commits", "all"];
    ask(&scan);
    session.made.write("TASKLIST.md", "# Shop\n\n## Soon\n\n- [x] T1: Open\n- [ ] T2: Sell\0 more\n");
    session.made.remove("packages/ui/src/button.js");
    session.made.commit("Sell\n\nFixes T2.");
    ask(&scan);
    ask(&scan);
    QUESTIONS.into_iter().for_each(ask);
    database.remove().await;
}
