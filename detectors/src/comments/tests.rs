//! Every case of fixtures/comments.jsonl, and what must hold for any input.

use muster_model::FoundTask;
use serde::Deserialize;

use super::{find, language_of};

#[derive(Deserialize)]
struct Case {
    path: String,
    src: String,
    want: Vec<Wanted>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Wanted {
    line: u64,
    tag: String,
    text: String,
    who: Option<String>,
    refs: Vec<String>,
}

impl From<FoundTask> for Wanted {
    fn from(task: FoundTask) -> Self {
        let tag = task.tag.unwrap();
        Self { line: task.line, tag, text: task.title, who: task.assignee, refs: task.references }
    }
}

#[test]
fn every_case_is_answered() {
    let mut wrong = Vec::new();
    for (number, line) in include_str!("../../../fixtures/comments.jsonl").lines().enumerate() {
        let case: Case =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("line {}: {error}", number + 1));
        let language = language_of(&case.path).unwrap_or_else(|| panic!("no language: {}", case.path));
        let got: Vec<Wanted> = find(language, case.src.as_bytes()).into_iter().map(Wanted::from).collect();
        if got != case.want {
            wrong.push(format!(
                "line {}: {}\n{}\n  got  {got:?}\n  want {:?}",
                number + 1,
                case.path,
                case.src,
                case.want
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
