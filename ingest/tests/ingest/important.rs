//! Which fields matter: each field of one case of each event is damaged in every way, and those without which nothing
//! can be done are listed. All others may be anything.

use std::collections::BTreeSet;

use muster_ingest::plan::Plan;
use muster_ingest::verify::BodyKind;
use serde_json::{Value, json};

use crate::fixture::{one, own_scope, plan_body};

/// Every place in a value, as a pointer.
pub(crate) fn places(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = vec![(String::new(), value)];
    while let Some((at, value)) = left.pop() {
        match value {
            Value::Object(fields) => {
                let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
                left.extend(fields.iter().map(|(key, value)| (format!("{at}/{}", escape(key)), value)));
            }
            Value::Array(entries) => {
                left.extend(
                    entries.iter().enumerate().map(|(number, value)| (format!("{at}/{number}"), value)),
                );
            }
            _ => {}
        }
        if !at.is_empty() {
            found.push(at);
        }
    }
    found.sort();
    found
}

/// Takes a place out of its object; an entry of a list becomes null.
pub(crate) fn remove(value: &mut Value, place: &str) {
    let (parent, key) = place.rsplit_once('/').unwrap();
    match value.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            fields.remove(&key.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(entries)) => {
            if let Some(entry) = key.parse().ok().and_then(|number: usize| entries.get_mut(number)) {
                *entry = Value::Null;
            }
        }
        _ => {}
    }
}

/// The places of a case that cannot be lost without losing the plan.
fn important(name: &str) -> BTreeSet<String> {
    let case = one(name);
    let whole: Value = serde_json::from_slice(&case.body).unwrap();
    let scope = match serde_json::to_string(&whole) {
        Ok(text) => own_scope(&muster_ingest::payload::Payload::read(&text).unwrap().names()),
        Err(error) => panic!("{error}"),
    };
    let others =
        [json!(null), json!(true), json!(-7), json!(1.5), json!("x"), json!([]), json!([{}]), json!({})];
    let mut found = BTreeSet::new();
    for place in places(&whole) {
        for other in others.iter().map(Some).chain([None]) {
            let mut damaged = whole.clone();
            match other {
                Some(other) => *damaged.pointer_mut(&place).unwrap() = other.clone(),
                None => remove(&mut damaged, &place),
            }
            let body = serde_json::to_vec(&damaged).unwrap();
            let plan = plan_body(&case.event, BodyKind::Json, &body, |_| scope.clone());
            if !matches!(plan, Plan::Changes(_)) {
                found.insert(place.clone());
            }
        }
    }
    found
}

#[test]
fn few_fields_are_needed() {
    let cases = [
        "push/branch",
        "issues/assigned",
        "issues/transferred",
        "pull_request/closed-merged",
        "repository/renamed-by-own-hook",
        "repository/created",
        "installation/created",
        "installation_repositories/added",
        "installation_repositories/removed",
    ];
    let table: Vec<String> = cases
        .iter()
        .map(|case| format!("{case}: {}", important(case).into_iter().collect::<Vec<_>>().join(" ")))
        .collect();
    insta::assert_snapshot!(table.join("\n"), @"
    push/branch: /ref /repository /repository/id
    issues/assigned: /action /issue /issue/number /repository /repository/id
    issues/transferred: /action /issue /issue/number /repository /repository/id
    pull_request/closed-merged: /action /pull_request /pull_request/number /repository /repository/id
    repository/renamed-by-own-hook: /action /repository /repository/id
    repository/created: /action /installation /installation/id /repository /repository/id
    installation/created: /action /installation /installation/id
    installation_repositories/added: /action /installation /installation/id /repositories_added
    installation_repositories/removed: /action /installation /installation/id /repositories_removed /repositories_removed/0 /repositories_removed/0/id
    ");
}
