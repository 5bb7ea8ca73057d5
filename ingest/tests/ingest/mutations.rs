//! Payloads damaged at random, knowing their shape: no plan panics, none is without an outcome, and the outcome is the same
//! each time.

use std::sync::LazyLock;

use muster_ingest::plan::{HookScope, Plan};
use muster_ingest::verify::{BodyKind, EventName};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use crate::fixture::{Fixture, LookUp, all, own_hook, own_scope, plan_body};
use crate::important::{places, remove};

/// What stands in place of a value: JSON that serde_json's own values cannot hold, too.
const FRAGMENTS: [&str; 24] = [
    "null",
    "true",
    "false",
    "0",
    "-1",
    "-0",
    "1.5",
    "5000000000",
    "9007199254740993",
    "18446744073709551615",
    "123456789012345678901234567890",
    "1e400",
    "-1e-400",
    "\"\"",
    "\"12\"",
    "\"0000-00-00T00:00:00Z\"",
    r#""\ud800""#,
    r#""\u0000""#,
    "[]",
    "[null,{},[[]]]",
    "{}",
    r#"{"id":1,"id":2}"#,
    r#"{"__proto__":{"id":1}}"#,
    "{\"\":null}",
];

#[derive(Clone, Debug)]
enum Damage {
    Replace(Index, Index),
    Remove(Index),
    Swap(Index, Index),
    Repeat(Index, Index),
    Deepen(Index, usize),
    Lengthen(Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        6 => (at(), at()).prop_map(|(place, what)| Damage::Replace(place, what)),
        3 => at().prop_map(Damage::Remove),
        3 => (at(), at()).prop_map(|(one, other)| Damage::Swap(one, other)),
        2 => (at(), at()).prop_map(|(place, what)| Damage::Repeat(place, what)),
        1 => (at(), 1_usize..400).prop_map(|(place, levels)| Damage::Deepen(place, levels)),
        1 => (at(), 1_usize..100_000).prop_map(|(place, length)| Damage::Lengthen(place, length)),
    ]
}

/// The damaged text. A place that an earlier damage took away is left alone.
fn apply(whole: &Value, damages: &[Damage]) -> String {
    let mut value = whole.clone();
    let mut fragments: Vec<String> = Vec::new();
    let mut stand_in = |fragment: String| {
        fragments.push(fragment);
        Value::String(format!("@{}@", fragments.len() - 1))
    };
    for damage in damages {
        let places = places(&value);
        let Some(_) = places.first() else { break };
        let at = |index: &Index| places[index.index(places.len())].clone();
        match damage {
            Damage::Replace(place, what) => {
                let fragment = FRAGMENTS[what.index(FRAGMENTS.len())].to_owned();
                *value.pointer_mut(&at(place)).unwrap() = stand_in(fragment);
            }
            Damage::Remove(place) => remove(&mut value, &at(place)),
            Damage::Swap(one, other) => {
                let (one, other) = (at(one), at(other));
                let (first, second) =
                    (value.pointer(&one).unwrap().clone(), value.pointer(&other).unwrap().clone());
                // One may lie within the other.
                for (place, new) in [(one, second), (other, first)] {
                    if let Some(old) = value.pointer_mut(&place) {
                        *old = new;
                    }
                }
            }
            Damage::Repeat(place, what) => {
                let (parent, key) =
                    at(place).rsplit_once('/').map(|(p, k)| (p.to_owned(), k.to_owned())).unwrap();
                if let Some(Value::Object(fields)) = value.pointer_mut(&parent) {
                    let fragment = FRAGMENTS[what.index(FRAGMENTS.len())];
                    fields.insert(format!("{key}@again"), stand_in(fragment.to_owned()));
                }
            }
            Damage::Deepen(place, levels) => {
                let nested = format!("{}{}", "[{\"a\":".repeat(*levels), "1") + &"}]".repeat(*levels);
                *value.pointer_mut(&at(place)).unwrap() = stand_in(nested);
            }
            Damage::Lengthen(place, length) => {
                *value.pointer_mut(&at(place)).unwrap() = Value::String("é".repeat(*length));
            }
        }
    }
    let mut text = serde_json::to_string(&value).unwrap().replace("@again\"", "\"");
    for (number, fragment) in fragments.iter().enumerate() {
        text = text.replace(&format!("\"@{number}@\""), fragment);
    }
    text
}

static CASES: LazyLock<Vec<(Fixture, Value)>> = LazyLock::new(|| {
    let readable =
        |fixture: Fixture| serde_json::from_slice(&fixture.body).ok().map(|value| (fixture, value));
    all().into_iter().filter_map(readable).collect()
});

/// Plans by every kind of hook; fails where a plan says nothing.
fn must_have_outcomes(event: &EventName, kind: BodyKind, body: &[u8]) -> Result<(), TestCaseError> {
    let hooks: [LookUp; 3] = [own_scope, own_hook, |_| HookScope::App { claimed: None, connected: None }];
    for about in hooks {
        let plan = plan_body(event, kind, body, about);
        match &plan {
            Plan::Changes(changes) => prop_assert!(!changes.is_empty()),
            Plan::Ignored(reason) => prop_assert!(!reason.to_string().is_empty()),
            Plan::Dead(reason) => prop_assert!(!reason.to_string().is_empty()),
            Plan::Parked(parked) => prop_assert!(parked.waits_for.to_string().contains(':')),
        }
        prop_assert_eq!(&plan, &plan_body(event, kind, body, about), "the same each time");
        prop_assert!(
            serde_json::to_string(&plan).unwrap().len() < 2 * body.len() + 4096,
            "no more than was sent"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn damaged_fields_always_have_an_outcome(
        case in any::<Index>(),
        damages in prop::collection::vec(damage(), 1..6),
    ) {
        let (fixture, whole) = &CASES[case.index(CASES.len())];
        let text = apply(whole, &damages);
        must_have_outcomes(&fixture.event, BodyKind::Json, text.as_bytes())?;
    }

    #[test]
    fn damaged_bytes_always_have_an_outcome(
        case in any::<Index>(),
        cut in any::<Index>(),
        strikes in prop::collection::vec((any::<Index>(), any::<u8>()), 0..6),
        form in any::<bool>(),
    ) {
        let (fixture, _) = &CASES[case.index(CASES.len())];
        let mut body = fixture.body.clone();
        for (at, byte) in strikes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        body.truncate(body.len() - cut.index(body.len()) / 8);
        let (kind, body) = if form { (BodyKind::Form, [b"payload=", &body[..]].concat()) } else { (BodyKind::Json, body) };
        must_have_outcomes(&fixture.event, kind, &body)?;
    }

    #[test]
    fn any_bytes_have_an_outcome(body in prop::collection::vec(any::<u8>(), 0..200), json in "[\\[\\]{}\":,0-9a-z\\\\ ]{0,60}") {
        for event in ["push", "issues", "installation", "other"] {
            let event = EventName::new(event.as_bytes()).unwrap();
            must_have_outcomes(&event, BodyKind::Json, &body)?;
            must_have_outcomes(&event, BodyKind::Form, &body)?;
            must_have_outcomes(&event, BodyKind::Json, json.as_bytes())?;
        }
    }
}
