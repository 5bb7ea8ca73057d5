//! CODITECT as the first detector of the registry: names and places are told by `place`, contents by `read`.

use muster_model::{Manifest, ManifestKind, file_name};

use super::{CoditectFile, NAME, file_kind, project_directory, read};
use crate::detector::Detector;

/// Recognises task lists, plans and `.coditect/project.yml`.
pub(crate) struct Coditect;

impl Detector for Coditect {
    fn name(&self) -> &'static str {
        NAME
    }

    fn rank(&self, path: &str) -> Option<u8> {
        if !may_be_ours(file_name(path).as_bytes()) {
            return None;
        }
        file_kind(path).map(|kind| match kind {
            CoditectFile::ProjectFile => 0,
            CoditectFile::TaskList => 1,
            CoditectFile::TaskListWithCheckboxes => 2,
            CoditectFile::Plan => 3,
            CoditectFile::Document => 4,
        })
    }

    fn read(&self, path: &str, content: &[u8]) -> Option<Manifest> {
        let manifest = read(path, &String::from_utf8_lossy(content))?;
        Some(Manifest { kind: self.kind(path), ..manifest })
    }

    fn kind(&self, path: &str) -> ManifestKind {
        match file_kind(path) {
            Some(kind) if !kind.claims() => ManifestKind::Document,
            _ => ManifestKind::Project,
        }
    }

    fn directory<'p>(&self, path: &'p str) -> &'p str {
        project_directory(path)
    }
}

/// Rules out nearly every name without allocating, as `file_kind` would.
fn may_be_ours(name: &[u8]) -> bool {
    if name.eq_ignore_ascii_case(b"project.yml") {
        return true;
    }
    let is_markdown = name.len() > 3 && name[name.len() - 3..].eq_ignore_ascii_case(b".md");
    is_markdown && (holds(name, b"tasklist") || holds(name, b"project-plan"))
}

fn holds(name: &[u8], word: &[u8]) -> bool {
    name.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_look_never_hides_a_file() {
        for path in ["TaskList.MD", "a/x-project-plan-y.md", ".coditect/PROJECT.yml", "TASKLIST-A.md"] {
            assert_eq!(Coditect.rank(path).is_some(), file_kind(path).is_some(), "{path}");
        }
        assert_eq!(Coditect.rank("README.md"), None);
        assert_eq!(Coditect.rank(".md"), None);
    }
}
