//! What each case means, as a snapshot beside it: `push/branch.json` and `push/branch.snap`.

use crate::fixture::{all, entries, folder, own_scope};

#[test]
fn every_case_has_its_plan() {
    for fixture in all() {
        let (event, name) = fixture.name.split_once('/').unwrap();
        let plan = serde_json::to_string_pretty(&fixture.plan(own_scope)).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder().join(event));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, plan));
    }
}

#[test]
fn every_plan_has_its_case() {
    let cases: Vec<String> = all().into_iter().map(|fixture| fixture.name).collect();
    for folder in entries(&folder()).into_iter().filter(|path| path.is_dir()) {
        let event = folder.file_name().unwrap().to_str().unwrap();
        for file in entries(&folder) {
            let name = file.file_name().unwrap().to_str().unwrap();
            match name.rsplit_once('.') {
                Some((case, "snap")) => {
                    assert!(cases.contains(&format!("{event}/{case}")), "{event}/{name} has no case");
                }
                // `.snap.new` is what a failed comparison leaves.
                Some((_, "json" | "body" | "new")) => {}
                _ => panic!("{event}/{name} is neither a case nor a plan"),
            }
        }
    }
}

#[test]
fn every_event_and_action_of_ours_has_a_case() {
    let actions = [
        (
            "issues",
            "assigned closed deleted demilestoned edited labeled locked milestoned opened pinned reopened \
                    transferred typed unassigned unlabeled unlocked unpinned untyped",
        ),
        (
            "pull_request",
            "assigned auto_merge_disabled auto_merge_enabled closed converted_to_draft demilestoned \
                          dequeued edited enqueued labeled locked milestoned opened ready_for_review reopened \
                          review_request_removed review_requested synchronize unassigned unlabeled unlocked",
        ),
        (
            "repository",
            "archived created deleted edited privatized publicized renamed transferred unarchived",
        ),
        ("installation", "created deleted new_permissions_accepted suspend unsuspend"),
        ("installation_repositories", "added removed"),
    ];
    let cases: Vec<(String, Option<String>)> = all()
        .into_iter()
        .filter_map(|fixture| {
            let payload: serde_json::Value = serde_json::from_slice(&fixture.body).ok()?;
            Some((fixture.event.to_string(), payload["action"].as_str().map(str::to_owned)))
        })
        .collect();
    for (event, actions) in actions {
        for action in actions.split_whitespace() {
            let wanted = (event.to_owned(), Some(action.to_owned()));
            assert!(cases.contains(&wanted), "{event}.{action} has no case");
        }
    }
    assert!(["push", "ping"].iter().all(|event| cases.contains(&((*event).to_owned(), None))));
}
