//! GitHub's own examples, as the npm package `@octokit/webhooks-examples` has them: every one can be read and planned.
//!
//! The package is not part of this project. `MUSTER_WEBHOOK_EXAMPLES` names its folder; without it this test passes and
//! says that it did not run.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use muster_ingest::payload::Names;
use muster_ingest::plan::{HookScope, Ignored, Plan};
use muster_ingest::verify::{BodyKind, EventName};
use serde_json::Value;

use crate::fixture::{LookUp, own_hook, own_scope, plan_body};

#[expect(clippy::disallowed_methods, reason = "who has the package names its folder in a variable")]
fn package() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("MUSTER_WEBHOOK_EXAMPLES") {
        return Some(folder.into());
    }
    // scripts/test names the file of its summary in a variable.
    if let Some(summary) = std::env::var_os("MUSTER_NOT_RUN") {
        let mut file = std::fs::OpenOptions::new().append(true).open(summary).unwrap();
        file.write_all(b"GitHub's example payloads: MUSTER_WEBHOOK_EXAMPLES does not name the npm package\n")
            .unwrap();
    }
    None
}

fn outcome(plan: &Plan) -> &'static str {
    match plan {
        Plan::Changes(_) => "to apply",
        Plan::Ignored(_) => "ignored",
        Plan::Parked(_) => "parked",
        Plan::Dead(_) => "dead",
    }
}

#[test]
fn every_example_of_github_can_be_planned() {
    let Some(package) = package() else { return };
    for server in ["api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35"] {
        let index = std::fs::read(package.join(server).join("index.json")).unwrap();
        let events: Vec<Value> = serde_json::from_slice(&index).unwrap();
        let mut table: BTreeMap<(String, &str), usize> = BTreeMap::new();
        let mut count = 0;
        for event in &events {
            let name = EventName::new(event["name"].as_str().unwrap().as_bytes()).unwrap();
            for example in event["examples"].as_array().unwrap() {
                count += 1;
                let body = serde_json::to_vec(example).unwrap();
                let plan = |about: LookUp| plan_body(&name, BodyKind::Json, &body, about);
                let ours = plan(own_scope);
                for about in
                    [own_scope, own_hook, |_: &Names| HookScope::App { claimed: None, connected: None }]
                {
                    let plan = plan(about);
                    assert!(!matches!(plan, Plan::Dead(_)), "{name}: {plan:?}");
                }
                let by_design = [Ignored::Ping, Ignored::PullRequestAsIssue].map(Plan::Ignored);
                assert!(
                    !is_ours(name.as_str()) || matches!(ours, Plan::Changes(_)) || by_design.contains(&ours),
                    "{name}: {ours:?}"
                );
                let line = if matches!(ours, Plan::Ignored(_)) && !is_ours(name.as_str()) {
                    "(the other events)".to_owned()
                } else {
                    format!("{name} {}", example["action"].as_str().unwrap_or(""))
                };
                *table.entry((line, outcome(&ours))).or_default() += 1;
            }
        }
        println!("{server}: {count} examples of {} events", events.len());
        for ((line, outcome), number) in table {
            println!("  {line:<45} {outcome:<10} {number}");
        }
        assert!(count >= 40, "{server}");
    }
}

fn is_ours(event: &str) -> bool {
    let events = muster_ingest::plan::Event::NAMED;
    events.iter().any(|ours| ours.as_str() == event)
}
