//! Every case of `fixtures/references.jsonl`: a message, the strongest relation wanted for each target, and where
//! the case needs them the keys and prefixes that are known.

use std::collections::{BTreeSet, HashSet};

use muster_linker::{Parser, Vocabulary, strongest};
use serde_json::Value;

fn texts(value: &Value) -> HashSet<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn every_case_says_what_it_wants() {
    let mut wrong = Vec::new();
    for (number, line) in include_str!("../../fixtures/references.jsonl").lines().enumerate() {
        let case: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("line {}: {e}", number + 1));
        let vocabulary = Vocabulary { keys: texts(&case["keys"]), prefixes: case.get("prefixes").map(texts) };
        let message = case["message"].as_str().unwrap();
        let references = Parser::new(&vocabulary).parse(message);
        let found: BTreeSet<String> = strongest(&references)
            .into_iter()
            .map(|(target, relation)| format!("{}:{target}", relation.as_str()))
            .collect();
        let wanted: BTreeSet<String> = texts(&case["want"]).into_iter().collect();
        if found != wanted {
            wrong.push(format!("line {}: {message:?}\n  wanted {wanted:?}\n  found  {found:?}", number + 1));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
