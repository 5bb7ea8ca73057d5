//! Who may say what: every case, spoken by each kind of hook.

use std::fmt::Write as _;

use muster_ingest::payload::Names;
use muster_ingest::plan::{HookScope, Plan};
use muster_model::{Change, ProviderId};

use crate::fixture::{Fixture, LookUp, all, folder, id, one, own_hook};

/// A word for each hook, and the hook.
const HOOKS: [(&str, LookUp); 7] = [
    ("app", |names| HookScope::App { claimed: names.installation, connected: names.repository }),
    ("app, not connected", |names| HookScope::App { claimed: names.installation, connected: None }),
    ("app, not claimed", |_| HookScope::App { claimed: None, connected: None }),
    ("own hook", own_hook),
    ("another's hook", |_| HookScope::Repository { id: Some(id(4711)), full_name: None }),
    ("own, by name", |_| HookScope::Repository {
        id: None,
        full_name: Some("Example-Org/Tide-Table".to_owned()),
    }),
    ("own, of no provider", |_| HookScope::Repository { id: None, full_name: None }),
];

fn word(plan: &Plan) -> String {
    match plan {
        Plan::Changes(changes) => format!("{} to apply", changes.len()),
        Plan::Ignored(_) => "ignored".to_owned(),
        Plan::Dead(_) => "dead".to_owned(),
        Plan::Parked(parked) => {
            let meanwhile = if parked.meanwhile.is_empty() { "" } else { "+1" };
            format!("parked{meanwhile} {}", parked.waits_for.to_string().split(':').next().unwrap())
        }
    }
}

#[test]
fn who_may_say_what() {
    let mut table = format!("{:<52}", "");
    for (hook, _) in HOOKS {
        write!(table, "{hook:<22}").unwrap();
    }
    for fixture in all() {
        write!(table, "\n{:<52}", fixture.name).unwrap();
        for (_, about) in HOOKS {
            write!(table, "{:<22}", word(&fixture.plan(about))).unwrap();
        }
    }
    let table: Vec<&str> = table.lines().map(str::trim_end).collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("who-may-say-what", table.join("\n")));
}

/// The repository, or the installation, that a change is about.
fn subject(change: &Change) -> Result<ProviderId, ProviderId> {
    match change {
        Change::LookAt(hint) => Ok(hint.repository),
        Change::Task(task) => Ok(task.repository),
        Change::Repository(facts) => Ok(facts.id),
        Change::Access(access) => Err(access.installation),
        Change::Installation(facts) => Err(facts.id),
    }
}

fn changes(fixture: &Fixture, about: LookUp) -> Vec<Change> {
    match fixture.plan(about) {
        Plan::Changes(changes) => {
            assert!(!changes.is_empty(), "{}", fixture.name);
            changes
        }
        _ => Vec::new(),
    }
}

#[test]
fn a_repositorys_hook_speaks_for_that_one_alone() {
    for fixture in all() {
        for (hook, about) in &HOOKS[3..] {
            for change in changes(&fixture, *about) {
                assert!(*hook != "another's hook", "{} by {hook}", fixture.name);
                let HookScope::Repository { id: own, .. } = about(&Names::default()) else { unreachable!() };
                let about_installation = subject(&change).is_err();
                assert!(!about_installation, "{} by {hook}", fixture.name);
                if *hook == "own hook" && own == Some(id(crate::fixture::REPOSITORY)) {
                    assert!(!matches!(change, Change::Access(_)));
                }
            }
        }
    }
}

#[test]
fn the_app_speaks_for_the_claimed_installation_alone() {
    for fixture in all() {
        let about: LookUp = |names| HookScope::App { claimed: Some(id(666)), connected: names.repository };
        match fixture.plan(about) {
            Plan::Changes(changes) => panic!("{}: {changes:?}", fixture.name),
            Plan::Parked(parked) => {
                let only = |change: &Change| matches!(change, Change::Installation(_));
                assert!(parked.meanwhile.iter().all(only), "{}: what belongs to a tenant", fixture.name);
            }
            Plan::Ignored(_) | Plan::Dead(_) => {}
        }
        for change in changes(&fixture, HOOKS[0].1) {
            if let Err(installation) = subject(&change) {
                assert_eq!(installation, id(40_000_001), "{}", fixture.name);
            }
        }
    }
}

#[test]
fn a_hook_without_an_id_goes_by_its_address() {
    let named = |full_name: &str| {
        one("push/branch").plan(|_| HookScope::Repository { id: None, full_name: Some(full_name.to_owned()) })
    };
    assert!(matches!(named("example-org/tide-table"), Plan::Changes(_)));
    assert!(matches!(named("example-org/other"), Plan::Ignored(_)));
}
