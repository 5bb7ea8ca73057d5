//! Reports of one thing, in any order and any number of times, leave the same one standing.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use muster_ingest::plan::Plan;
use muster_model::{Change, TaskState, Version, merge_order};
use proptest::prelude::*;

use crate::fixture::{all, one, own_scope};

/// What a change is about, its version, and what it says.
fn report(change: &Change) -> Option<(String, Version, String)> {
    let (about, version) = match change {
        Change::LookAt(_) => return None, // a hint: nothing is merged, the ref itself is looked at
        Change::Task(task) => (format!("{}#{}", task.repository, task.number), task.version),
        Change::Repository(facts) => (facts.id.to_string(), facts.version),
        Change::Access(access) => {
            (format!("{} sees {}", access.installation, access.repository), access.version)
        }
        Change::Installation(facts) => (format!("installation {}", facts.id), facts.version),
    };
    Some((about, version, serde_json::to_string(change).unwrap()))
}

/// What stands after these, applied in this order.
fn settle(changes: &[Change]) -> BTreeMap<String, (Version, String)> {
    let mut stands: BTreeMap<String, (Version, String)> = BTreeMap::new();
    for (about, version, said) in changes.iter().filter_map(report) {
        match stands.get(&about) {
            Some((kept, _)) if merge_order(&version, kept) != Ordering::Greater => {}
            _ => {
                stands.insert(about, (version, said));
            }
        }
    }
    stands
}

static CHANGES: LazyLock<Vec<Change>> = LazyLock::new(|| {
    let changes = |plan| if let Plan::Changes(changes) = plan { changes } else { Vec::new() };
    all().iter().flat_map(|fixture| changes(fixture.plan(own_scope))).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_changes_of_all_cases_settle_alike(
        order in Just((0..CHANGES.len()).chain(0..CHANGES.len()).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let shuffled: Vec<Change> = order.into_iter().map(|at| CHANGES[at].clone()).collect();
        prop_assert_eq!(settle(&shuffled), settle(&CHANGES));
    }
}

/// The state of issue 12, and whether it is gone, after these cases in this order.
fn stands(cases: &[&str]) -> (TaskState, bool) {
    let tasks = cases.iter().map(|case| match one(case).plan(own_scope) {
        Plan::Changes(changes) => match changes.into_iter().next() {
            Some(Change::Task(task)) => task,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    });
    let task = tasks
        .reduce(|kept, next| if merge_order(&next.version, &kept.version).is_gt() { next } else { kept });
    let task = task.unwrap();
    (task.state, task.gone.is_some())
}

#[test]
fn late_deliveries_change_nothing() {
    assert_eq!(
        stands(&["issues/closed-completed", "issues/opened"]),
        (TaskState::Done, false),
        "closed before opened"
    );
    assert_eq!(stands(&["issues/closed-completed", "issues/reopened"]), (TaskState::Open, false));
    assert_eq!(stands(&["issues/reopened", "issues/closed-completed"]), (TaskState::Open, false));
    assert_eq!(stands(&["issues/deleted", "issues/edited-after-deleted"]), (TaskState::Open, true));
    assert_eq!(stands(&["issues/times-missing", "issues/closed-not-planned"]), (TaskState::Cancelled, false));
    assert_eq!(stands(&["issues/closed-not-planned", "issues/times-absurd"]), (TaskState::Cancelled, false));
}

#[test]
fn two_hooks_that_tell_the_same_make_one_report() {
    let plan = |case: &str| one(case).plan(own_scope);
    assert_eq!(plan("issues/opened"), plan("issues/opened-by-app"), "a repository's hook and the App");
    assert_eq!(plan("issues/locked"), plan("issues/unlocked"), "nothing that we keep differs");
    assert_ne!(plan("issues/edited"), plan("issues/unlocked"));
}
