//! What a project declares of itself, and where its boxes say otherwise.
//!
//! Four words set a status, because no box can say them. Every other word is shown and never believed.

use muster_model::Status;
use serde_json::{Map, Value};

use super::place::CoditectFile;

/// What a project declares: the counting file's frontmatter, overlaid with what `.coditect/project.yml` says, whose
/// `project` section is lifted to the top. `None` where neither says anything.
pub(crate) fn merge_declared(frontmatter: Option<&Value>, project_file: Option<&Value>) -> Option<Value> {
    let mut merged = frontmatter.and_then(Value::as_object).cloned().unwrap_or_default();
    if let Some(said) = project_file.and_then(Value::as_object) {
        let section = said.get("project").and_then(Value::as_object);
        let lifted = said.iter().filter(|(name, value)| !(*name == "project" && value.is_object()));
        for (name, value) in lifted.chain(section.into_iter().flat_map(Map::iter)) {
            merged.insert(name.clone(), value.clone());
        }
    }
    (!merged.is_empty()).then_some(Value::Object(merged))
}

/// A field of a declaration: of its `project` section where it has one, else of its top.
pub(super) fn field<'a>(declared: &'a Value, name: &str) -> Option<&'a Value> {
    declared.get("project").and_then(|section| section.get(name)).or_else(|| declared.get(name))
}

/// The status that a declaration sets whatever the boxes say: on hold and blocked, archived and cancelled. For every
/// other word, and for prose, the boxes decide. Takes a merged declaration or that of one file.
pub(crate) fn declared_status(declared: &Value) -> Option<Status> {
    match status_word(declared)?.as_str() {
        "on-hold" | "blocked" => Some(Status::OnHold),
        "archived" | "cancelled" | "canceled" => Some(Status::Archived),
        _ => None,
    }
}

/// Where one file's declaration and the boxes disagree, a sentence each ("frontmatter says complete; 531 of 620
/// boxes are open"). Ask for the counting file and for the project file, each with its own declaration.
pub(crate) fn contradictions(file: CoditectFile, declared: &Value, total: u64, done: u64) -> Vec<String> {
    let source = if file == CoditectFile::ProjectFile { ".coditect/project.yml" } else { "frontmatter" };
    let open = total.saturating_sub(done);
    let mut found = Vec::new();
    let word = status_word(declared).unwrap_or_default();
    match word.as_str() {
        "complete" | "completed" if open > 0 => {
            found.push(format!("{source} says {word}; {open} of {total} boxes {} open", be(open)));
        }
        "pending" | "in-progress" if open == 0 && total > 0 => {
            let word = word.replace('-', " ");
            found.push(format!("{source} says {word}; {done} of {total} boxes {} ticked", be(done)));
        }
        _ => {}
    }
    if let Some(said) = number(declared, "total_tasks").filter(|&said| said != total) {
        let boxes = if total == 1 { "box" } else { "boxes" };
        found.push(format!("{source} says {said} tasks; there {} {total} {boxes}", be(total)));
    }
    if let Some(said) = number(declared, "completed_tasks").filter(|&said| said != done) {
        found.push(format!(
            "{source} says {said} tasks completed; {done} of {total} boxes {} ticked",
            be(done)
        ));
    }
    found
}

fn be(number: u64) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// The status as one lower-case word; spaces and underscores are dashes.
fn status_word(declared: &Value) -> Option<String> {
    let text = field(declared, "status")?.as_str()?;
    Some(text.trim().to_lowercase().replace([' ', '_'], "-"))
}

/// A count, quoted or not.
fn number(declared: &Value, name: &str) -> Option<u64> {
    match field(declared, name)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn four_words_set_a_status() {
        let statuses = [
            ("on-hold", Some(Status::OnHold)),
            ("On Hold", Some(Status::OnHold)),
            ("on_hold", Some(Status::OnHold)),
            ("blocked", Some(Status::OnHold)),
            ("ARCHIVED", Some(Status::Archived)),
            ("cancelled", Some(Status::Archived)),
            ("complete", None),
            ("active", None),
            ("draft", None),
            ("🚧 Blocked until the review is in", None),
            ("", None),
        ];
        for (word, status) in statuses {
            assert_eq!(declared_status(&json!({ "status": word })), status, "{word}");
            assert_eq!(declared_status(&json!({ "project": { "status": word } })), status, "{word}");
        }
        assert_eq!(declared_status(&json!({ "status": 1 })), None);
        assert_eq!(declared_status(&json!("archived")), None);
    }

    #[test]
    fn the_project_file_wins() {
        let frontmatter = json!({"project": "HRB", "version": "1", "status": "complete"});
        let file = json!({"project": {"name": "Harbour", "status": "on-hold"}, "team": {"size": 1}});
        let merged = merge_declared(Some(&frontmatter), Some(&file)).unwrap();
        let expected = json!({"project": "HRB", "version": "1", "status": "on-hold", "name": "Harbour",
            "team": {"size": 1}});
        assert_eq!(merged, expected);
        assert_eq!(declared_status(&merged), Some(Status::OnHold));
        assert_eq!(merge_declared(None, None), None);
        assert_eq!(merge_declared(Some(&json!({})), Some(&json!([1]))), None);
    }

    #[test]
    fn contradictions_are_said() {
        let said =
            |declared: Value, total, done| contradictions(CoditectFile::TaskList, &declared, total, done);
        assert_eq!(
            said(json!({"status": "complete"}), 620, 89),
            ["frontmatter says complete; 531 of 620 boxes are open"]
        );
        assert_eq!(
            said(json!({"status": "Completed"}), 3, 2),
            ["frontmatter says completed; 1 of 3 boxes is open"]
        );
        assert_eq!(
            said(json!({"total_tasks": "181", "completed_tasks": 0, "status": "active"}), 160, 60),
            [
                "frontmatter says 181 tasks; there are 160 boxes",
                "frontmatter says 0 tasks completed; 60 of 160 boxes are ticked"
            ]
        );
        assert_eq!(
            said(json!({"status": "in_progress"}), 2, 2),
            ["frontmatter says in progress; 2 of 2 boxes are ticked"]
        );
        assert!(
            said(json!({"status": "complete", "total_tasks": 2, "completed_tasks": "2"}), 2, 2).is_empty()
        );
        assert!(said(json!({"status": "complete"}), 0, 0).is_empty());
        let file = json!({"project": {"status": "complete"}});
        let found = contradictions(CoditectFile::ProjectFile, &file, 2, 1);
        assert_eq!(found, [".coditect/project.yml says complete; 1 of 2 boxes is open"]);
    }
}
