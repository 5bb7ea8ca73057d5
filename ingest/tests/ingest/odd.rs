//! Bodies that are too large to be kept as cases, and forms.

use muster_ingest::payload::{MAX_DEPTH, TITLE};
use muster_ingest::plan::Plan;
use muster_ingest::verify::{BodyKind, EventName, MAX_BODY};
use muster_model::Change;
use serde_json::{Value, json};

use crate::fixture::{one, own_scope, plan_body};

fn plan_of(case: &str, change: impl FnOnce(&mut Value)) -> Plan {
    let case = one(case);
    let mut payload: Value = serde_json::from_slice(&case.body).unwrap();
    change(&mut payload);
    plan_body(&case.event, BodyKind::Json, &serde_json::to_vec(&payload).unwrap(), own_scope)
}

fn task(plan: Plan) -> muster_model::ProviderTask {
    match plan {
        Plan::Changes(changes) => match &changes[..] {
            [Change::Task(task)] => (**task).clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_push_of_2048_commits_says_the_same_as_one_without() {
    let many = plan_of("push/branch", |payload| {
        let commit = payload["commits"][0].clone();
        payload["commits"] = vec![commit; 2048].into();
    });
    assert_eq!(many, plan_of("push/branch", |payload| payload["commits"] = json!([])));
    assert!(matches!(many, Plan::Changes(_)));
}

#[test]
fn the_largest_body_is_planned() {
    let case = one("push/branch");
    let text = String::from_utf8(case.body.clone()).unwrap();
    let filler = MAX_BODY as usize - text.len();
    let message = format!("\"message\": \"{}", "x".repeat(filler));
    let body = text.replacen("\"message\": \"", &message, 1);
    assert_eq!(body.len() as u64, MAX_BODY);
    let plan = plan_body(&case.event, BodyKind::Json, body.as_bytes(), own_scope);
    assert_eq!(plan, case.plan(own_scope));
}

#[test]
fn a_title_of_ten_megabytes_is_cut_at_a_character() {
    let task =
        task(plan_of("issues/opened", |payload| payload["issue"]["title"] = "ü🌊".repeat(1_700_000).into()));
    assert_eq!(task.title.chars().count(), TITLE);
    assert!(task.title.ends_with("ü…"), "{}", &task.title[task.title.len() - 20..]);
}

#[test]
fn long_lists_and_long_keys_cost_nothing_but_themselves() {
    let plain = plan_of("push/branch", |_| {});
    let long = plan_of("push/branch", |payload| {
        payload["commits"] = vec![Value::Null; 100_000].into();
        payload["repository"]["topics"] = vec!["x"; 100_000].into();
        payload["k".repeat(1 << 20)] = json!(1);
        for number in 0..10_000 {
            payload[format!("key{number}")] = json!(number);
        }
    });
    assert_eq!(long, plain);
    let labels: Vec<Value> =
        (0..100_000).map(|number| json!({ "name": format!("label {number:06}") })).collect();
    let task = task(plan_of("issues/labeled", |payload| payload["issue"]["labels"] = labels.into()));
    assert_eq!((task.labels.len(), task.labels[0].as_str()), (100, "label 000000"));
}

#[test]
fn a_bomb_of_depth_in_a_field_that_nobody_reads_is_dead_with_the_reason() {
    let case = one("push/branch");
    let text = String::from_utf8(case.body.clone()).unwrap();
    for levels in [MAX_DEPTH, 1_000_000] {
        let bomb = format!("{{\"bomb\": {}{},", "[".repeat(levels), "]".repeat(levels));
        let plan = plan_body(&case.event, BodyKind::Json, text.replacen('{', &bomb, 1).as_bytes(), own_scope);
        let said = serde_json::to_string(&plan).unwrap();
        assert_eq!(said, r#"{"dead":"failed to read the payload: it is nested deeper than 128 levels"}"#);
    }
}

/// As a browser encodes a field of a form.
fn encode(payload: &[u8]) -> Vec<u8> {
    let mut form = b"payload=".to_vec();
    for byte in payload {
        match byte {
            b' ' => form.push(b'+'),
            byte if byte.is_ascii_alphanumeric() => form.push(*byte),
            byte => form.extend(format!("%{byte:02X}").bytes()),
        }
    }
    form
}

#[test]
fn a_form_means_what_its_payload_means() {
    for case in [
        "push/branch",
        "push/ref-with-signs",
        "issues/title-hostile",
        "push/not-json",
        "push/not-utf8",
        "push/empty",
    ] {
        let case = one(case);
        let by_form = plan_body(&case.event, BodyKind::Form, &encode(&case.body), own_scope);
        if case.name == "push/not-utf8" {
            assert!(matches!(by_form, Plan::Dead(_)));
        } else {
            assert_eq!(by_form, case.plan(own_scope), "{}", case.name);
        }
    }
}

#[test]
fn a_form_without_exactly_one_payload_is_dead_with_the_reason() {
    let event = EventName::new(b"push").unwrap();
    let forms = [
        &b""[..],
        b"payload",
        b"body={}",
        b"payload={}&payload={}",
        b"payload=%7",
        b"payload=%ff",
        b"{\"ref\":\"a\"}",
    ];
    let table: Vec<String> = forms
        .iter()
        .map(|form| {
            let plan = plan_body(&event, BodyKind::Form, form, own_scope);
            format!("{}: {}", String::from_utf8_lossy(form), serde_json::to_string(&plan).unwrap())
        })
        .collect();
    insta::assert_snapshot!(table.join("\n"), @r#"
    : {"dead":"failed to read the payload: the form has no field payload"}
    payload: {"dead":"failed to read the payload: it is empty"}
    body={}: {"dead":"failed to read the payload: the form has no field payload"}
    payload={}&payload={}: {"dead":"failed to read the payload: the form has the field payload more than once"}
    payload=%7: {"dead":"failed to read the payload: the form's field payload has a broken % escape"}
    payload=%ff: {"dead":"failed to read the payload: the form's field payload is not UTF-8"}
    {"ref":"a"}: {"dead":"failed to read the payload: the form has no field payload"}
    "#);
}
