//! Reads one CODITECT file: what it declares of itself, never its boxes.
//!
//! Two generations of frontmatter are in use. The older has `project`, a short code that is not a name; the newer has
//! `title`, which is the name with the kind of file behind it. Two files in three have none at all.

use muster_model::{Manifest, ManifestKind};
use serde_json::Value;

use super::declared::field;
use super::place::{CoditectFile, file_kind};
use crate::tasklist::frontmatter::{parse_yaml, part};

/// What a title ends in to say which file it stands in. Longest first.
const ENDINGS: [&str; 4] = ["task list with checkboxes", "project plan", "task list", "tasklist"];

/// Reads one CODITECT file; `path` is one for which `file_kind` answers. `None` for a template: a text that holds
/// `{{` makes no project, is no document, and its boxes are not read. (`${{` is what a workflow writes, and no
/// template.)
///
/// `declared` is the frontmatter, or the whole of `.coditect/project.yml`, as a JSON object. A declaration that
/// cannot be read is a problem of the manifest; the file still claims its directory.
pub(crate) fn read(path: &str, content: &str) -> Option<Manifest> {
    let kind = file_kind(path)?;
    if is_template(content) {
        return None;
    }
    let mut manifest = Manifest { detector: super::NAME.to_owned(), ..Manifest::default() };
    match kind {
        CoditectFile::Document => manifest.kind = ManifestKind::Document,
        CoditectFile::ProjectFile => {
            let text = content.strip_prefix('\u{feff}').unwrap_or(content);
            declare(&mut manifest, "project file", text);
            manifest.name = said(&manifest, "name");
        }
        CoditectFile::TaskList | CoditectFile::TaskListWithCheckboxes | CoditectFile::Plan => {
            let parted = part(content);
            if parted.unclosed {
                manifest.problems.push("frontmatter is opened and never closed".to_owned());
            }
            if let Some(yaml) = parted.yaml {
                declare(&mut manifest, "frontmatter", yaml);
            }
            manifest.name = said(&manifest, "title").and_then(|title| name_in(&title));
        }
    }
    manifest.version = said(&manifest, "version");
    manifest.description = said(&manifest, "description");
    Some(manifest)
}

fn is_template(content: &str) -> bool {
    memchr::memmem::find_iter(content.as_bytes(), b"{{").any(|at| !content[..at].ends_with('$'))
}

fn declare(manifest: &mut Manifest, what: &str, yaml: &str) {
    match parse_yaml(yaml) {
        Ok(Value::Null) => {}
        Ok(declared @ Value::Object(_)) => manifest.declared = Some(declared),
        Ok(_) => manifest.problems.push(format!("{what} is not a mapping of names to values")),
        Err(error) => manifest.problems.push(format!("{what} cannot be read as YAML: {error}")),
    }
}

/// One field of what the manifest declares, as one line of text; `None` where it is empty or no plain value.
fn said(manifest: &Manifest, name: &str) -> Option<String> {
    let text = match field(manifest.declared.as_ref()?, name)? {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The name in a title: without the dash and the kind of file at its end. A title that says only that names nothing.
fn name_in(title: &str) -> Option<String> {
    let is_dash = |c: char| matches!(c, '-' | '–' | '—' | ':') || c.is_whitespace();
    for ending in ENDINGS {
        let Some(at) = title.len().checked_sub(ending.len()).filter(|&at| title.is_char_boundary(at)) else {
            continue;
        };
        let (before, after) = title.split_at(at);
        if !after.eq_ignore_ascii_case(ending) {
            continue;
        }
        let name = before.trim_end_matches(is_dash);
        if name.is_empty() {
            return None;
        }
        if before[name.len()..].contains(['-', '–', '—', ':']) {
            return Some(name.to_owned());
        }
    }
    Some(title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn older_frontmatter_gives_no_name() {
        let text = "---\n# Required\nproject: \"COFR\"\nversion: \"1.0.0\"\nlast_updated: \"2025-11-28\"\n\
                    total_tasks: 181\nstatus: \"complete\"\n---\n# x\n";
        let manifest = read("TASKLIST.md", text).unwrap();
        assert_eq!((manifest.detector.as_str(), manifest.kind), ("coditect", ManifestKind::Project));
        assert_eq!((manifest.name, manifest.version.as_deref()), (None, Some("1.0.0")));
        let declared = json!({"project": "COFR", "version": "1.0.0", "last_updated": "2025-11-28",
            "total_tasks": 181, "status": "complete"});
        assert_eq!(manifest.declared, Some(declared));
    }

    #[test]
    fn newer_frontmatter_names_the_project_in_its_title() {
        let text = "---\ntitle: Harbour Tool - Task List\ntype: reference\nversion: 1.0.0\ncreated: 2025-12-22\n\
                    tags:\n- a\n- b\nsummary: 'Phases: done 🚀, more\n  to come: later'\n---\n";
        let manifest = read("a/docs/project-management/tasklist.md", text).unwrap();
        assert_eq!(manifest.name.as_deref(), Some("Harbour Tool"));
        assert_eq!(manifest.description, None);
        let declared = manifest.declared.unwrap();
        assert_eq!(declared["summary"], "Phases: done 🚀, more to come: later");
        assert_eq!((&declared["created"], &declared["tags"]), (&json!("2025-12-22"), &json!(["a", "b"])));
    }

    #[test]
    fn titles() {
        let names = [
            ("A - Task List", Some("A")),
            ("A — project plan", Some("A")),
            ("A: Tasklist", Some("A")),
            ("A - Task List with Checkboxes", Some("A")),
            ("Task List", None),
            ("The Task List", Some("The Task List")),
            ("A - B", Some("A - B")),
            ("é", Some("é")),
        ];
        for (title, name) in names {
            assert_eq!(name_in(title).as_deref(), name, "{title}");
        }
    }

    #[test]
    fn the_project_file_says_it_in_its_section() {
        let text = "project:\n  name: Harbour\n  short_name: HRB\n  version: 2.1\n  description: Ships\n  status: on-hold\n";
        let manifest = read(".coditect/project.yml", text).unwrap();
        assert_eq!(manifest.name.as_deref(), Some("Harbour"));
        assert_eq!(
            (manifest.version.as_deref(), manifest.description.as_deref()),
            (Some("2.1"), Some("Ships"))
        );
    }

    #[test]
    fn templates_are_nothing_and_broken_files_still_claim() {
        assert_eq!(read("TASKLIST.md", "# {{PROJECT}}\n- [ ] a"), None);
        assert!(read("TASKLIST.md", "- [ ] `${{ secrets.X }}`").is_some());
        assert_eq!(read("README.md", ""), None);
        for (path, text, problem) in [
            ("TASKLIST.md", "---\na: b: c\n---\n", "frontmatter cannot be read as YAML"),
            ("TASKLIST.md", "---\na: b\n", "frontmatter is opened and never closed"),
            (".coditect/project.yml", "- a\n", "project file is not a mapping"),
            (".coditect/project.yml", "a: [", "project file cannot be read as YAML"),
        ] {
            let manifest = read(path, text).unwrap();
            assert_eq!((manifest.kind, manifest.declared), (ManifestKind::Project, None));
            assert!(manifest.problems[0].starts_with(problem), "{:?}", manifest.problems);
        }
        assert!(read(".coditect/project.yml", "").unwrap().problems.is_empty());
        assert_eq!(read("TASKLIST-API.md", "---\na: b: c\n---\n").unwrap().kind, ManifestKind::Document);
    }
}
